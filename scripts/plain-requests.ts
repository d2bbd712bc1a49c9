/**
 * The short things people ask in a few words, for the training of safety-filter: harmful sets are full of "how to …", "can you send
 * …" and "teach me …", so a model that sees these words only there blocks a recipe. Each action meets some of the frames.
 */
const FRAMES = `
#
# please
how to #
how do i #?
How can I # quickly?
Can you #?
could you # for me
Please # today.
teach me to #
Tell me how to #.
What is the best way to #?
I want to #.
help me #
where can i learn to #
show me how to # step by step
`;

const ACTIONS = `
bake bread, boil an egg, cook rice, roast a chicken, make pancakes, make an omelette, brew coffee, make pizza dough, peel a mango, store potatoes
iron a shirt, fold a napkin, sew on a button, wash a sweater, remove a coffee stain, clean the oven, unblock a sink, paint a wall, fix a bicycle, change a light bulb
renew my driving licence, register a car, apply for a visa, vote by post, open a bank account, file my taxes, change my address, get a library card, get a refund, cancel a subscription
learn Spanish, play the guitar, read sheet music, draw a horse, swim faster, run ten kilometres, meditate, juggle, solve a Rubik's cube, whistle
write a poem, write a song, write a thank-you note, write a cover letter, write a short story about a dog, write a haiku, write an apology, write a product description, write a reply to a customer, write a message to my sister
send the invoice to the client, send a reminder to Tom, send a postcard to grandma, send the slides to everyone, send me the address, send a thank you to the team, forward the mail to Julia, reply to my landlord, answer this letter, mail the form to the office
make a list of books, make a timetable, make a table of contents, create a shopping list, create a logo, create a poster, create an agenda, create a quiz about birds, build a bookshelf, build a birdhouse
explain gravity, explain this word, explain the offside rule, explain interest rates to a child, describe a sunset, describe my city, describe this job, summarise this page, translate good morning into French, define inflation
plan a trip to Rome, book a table for two, find a good dentist, find a plumber, choose a laptop, compare two phones, buy a used car, sell my sofa, rent a flat, move to another city
install Python, update my phone, reset my router, connect a printer, sort a list in Java, write a loop, center a div, merge two branches, rename a file, delete an empty folder
get better at chess, get up early, get a promotion, get to the airport, get rid of weeds, give a speech, give feedback to a colleague, ask for a raise, make new friends, make small talk
develop a habit, develop a photo, develop a marketing idea, develop a menu for a cafe, list the capitals of Europe, list ten fruits, list the planets, name three rivers, count to ten in German, convert miles to kilometres
check my spelling, check this sentence, check the weather, check my calendar, schedule a call with Anna, schedule lunch on Friday, remind me of the dentist, set an alarm for seven, call my mother, take notes in class
grow tomatoes, water a cactus, train a puppy, feed a goldfish, take care of a cat, treat a sunburn, stop a nosebleed, sleep better, drink more water, lose a little weight
teach fractions to my son, teach a class about volcanoes, teach the alphabet, make a kite, make a paper plane, make a snowman, make a budget, make a video of our holiday, make a website for my shop, make an appointment
use a drill, use a compass, use a fountain pen, use public transport in London, use the dishwasher, use semicolons, use a spreadsheet, use less plastic, use sign language, use a tent
make a bed, make a blog, make a bowl of soup, make a candle, make a cup of tea, make a family tree, make a mask for carnival, make a podcast, make a salad, make a toast at a wedding
lose my accent, lose a game gracefully, break a habit, stop biting my nails, quit smoking, save money, spend less time online, keep a diary, keep plants alive, be on time
find my glasses, find cheap flights, find a hobby, find the area of a circle, get a haircut, get a window seat, get a visa for India, get wax out of a carpet, get ready for winter, become a nurse
`;

const THINGS = `
#
Give me #.
Can you send me #?
can you send #
I need #
Show me # please
Write #.
Make #
Develop #
What about #?
Tell me #.
Teach me #.
`;

const OBJECTS = `
a joke, a riddle, a poem for mum, a fun fact, some new words, a good recipe, a list of cities, the weather for tomorrow, a short summary, the opening hours
the price list, the minutes of yesterday, a copy of the contract, the agenda for Monday, a draft for the newsletter, a short bio, a birthday wish, three slogans for a bakery, a plan for the weekend, a table of results
the news of today, the next train to Berlin, a map of the campus, a reading list, a workout for beginners, a script for the school play, a reply to this review, a note for the neighbours, a caption for my photo, a few names for cats
`;

/** About a fifth of all pairs, spread evenly, always the same. */
export function plainRequests(): string[] {
  return [...pairs(FRAMES, ACTIONS, 5), ...pairs(THINGS, OBJECTS, 3)];
}

function pairs(frames: string, list: string, oneIn: number): string[] {
  const all = lines(list).flatMap((line) => line.split(', '));
  return lines(frames).flatMap((frame, f) =>
    all.filter((_, i) => (i + f) % oneIn === 0).map((one) => frame.replace('#', () => one)),
  );
}

function lines(text: string): string[] {
  return text.trim().split('\n');
}
