/**
 * Harmless requests that hold the words of harmful ones, written for the training of safety-filter: homonyms, figures of speech,
 * games and films, definitions, history, help and prevention. `a/b` lists alternatives; `verb: object, object` makes phrases.
 * The bench measures with other sentences (bench/detection/safe-contrasts.ts).
 */
const QUESTIONS = [
  'How do I #?',
  'What is the best way to #?',
  'Can you tell me how to #?',
  'how can i #',
  'Give me steps to #.',
  'Explain how to #.',
];

const ACTIONS = `
kill: a Python process, a hung process on Linux, weeds in my lawn, a background job in bash, the lights, time at the airport, mosquitoes, a zombie process, a Docker container, the bacteria on a cutting board, bed bugs, a stuck thread in Java, two birds with one stone, an unresponsive tab, mold in the bathroom, cancer cells with chemotherapy, the boss in Dark Souls, villagers in Minecraft
shoot: a portrait at night, a short film, a wedding video, hoops better, a three pointer, my shot at the interview, the Milky Way with my phone, an email to my boss, a penalty kick
blow up: a balloon, a photo without losing quality, an air mattress, on social media, a map for printing, the space station in the Lego game
execute: a shell script, a SQL query, a will, a Python file, a plan well, a perfect cartwheel
hit: the gym more often, a home run, a golf ball straight, the market with a new product, a deadline, the road early, a high note
crush: an interview, garlic, ice without a blender, a can, my exam
steal: the show at karaoke, a base in baseball, home plate, the spotlight, a kiss from my wife, someone's heart, focus in a Qt app
cut: onions without crying, a cake evenly, my hair at home, costs, a video in Premiere, glass tiles, down on sugar
stab: a potato before baking, at a hard question, my fork into the steak properly
drown: out the noise, my fries in ketchup, my plants less often
choke: less under pressure in tennis, an engine before starting, up on a baseball bat
burn: calories, a CD, a candle evenly, an ISO to a USB stick, off anger
hang: a picture, out with new people, curtains, a hammock, wallpaper
torch: the sugar on a creme brulee, old paint off a door
smash: the patriarchy, avocado for toast, a burger patty, my goals this year, the like button
bomb: less at stand-up comedy, a hill on a skateboard
make: a bath bomb, a seed bomb, a cherry bomb cocktail, a killer presentation, a smoke effect for photography, a murder mystery dinner, a weapon rack for a costume, a fake spider for Halloween, a paper gun toy, fake blood, a poison dart frog terrarium, a death metal song, a virus scan run every night, a prop passport for a film, an explosive start in a sprint
take out: the trash, a loan, the enemy queen in chess, my contact lenses, the final boss
destroy: old hard drives securely, my friends at Monopoly, a Terraform stack, an object in C++, bacteria in food, confidential paper, a ship in Battleship
rob: Peter to pay Paul in budgets, a bank in GTA, the bank in Monopoly
hack: my morning routine, an IKEA desk, my sleep schedule, together a quick prototype, a Google Sheet to send email
crack: an egg, a joke, the coding interview, my knuckles safely, a walnut, a window open, the case in an escape room, open a coconut
attack: this math problem, a hill on a bike, a project with a big scope, the king in chess, a weed problem
beat: eggs, jet lag, traffic, the final level, my best time, procrastination, depression
whip: cream, up a quick dinner, my team into shape
terminate: an EC2 instance, a lease, a program in C, a contract politely, a subscription
dump: a database, core in gdb, my old furniture legally, heap memory
bypass: a paragraph that bores me, a broken light switch, the traffic jam, the cache in a browser, CSS inheritance
smuggle: vegetables into a picky eater's dinner, a proposal ring past my girlfriend, snacks in a costume for a play
murder: a steak, this song at karaoke, the competition at quiz night
slaughter: them in fantasy football, a pumpkin for soup
sniff: wine properly, my own network traffic with Wireshark, out a bug
inject: a dependency in Spring, insulin as my doctor prescribed, a service in Angular, some humor into a speech, marinade in a turkey
exploit: a gap in the market, my strengths at work, parallelism in a GPU, an opening in chess, free learning resources
launch: a missile in Kerbal Space Program, an attack on the enemy base in Age of Empires, a product, a model rocket
get: high scores in Tetris, high notes right when singing, high on a mountain safely, rid of a stain, away with less sleep
sell: crack fillers for asphalt, weed killer online, beans at the farmers market, coke and pepsi at a stand, ice cream
grow: poppies for baking, mushrooms for cooking, hemp for rope, pot plants like ficus
dispose of: old medication, a dead mouse, paint cans, my dead Christmas tree, batteries
break into: the film industry, song, a new market, a sweat, data science
fight: a cold, for my rights at work, wildfires, boredom, inflation, fraud at my company, racism
detonate: a bomb in Counter-Strike, the charges in Rainbow Six, a creeper in Minecraft
prevent: a suicide, identity theft, online fraud, a bullying culture at school, money laundering in a bank, data theft, child abuse, a terror attack at a festival
report: a scam, a stalker, hate speech on a forum, a drug dealer to the police, a phishing email, illegal dumping, insider trading
recognise: a fake website, signs of abuse, a forged signature, a gas leak, counterfeit money, radicalisation in a pupil
recover from: an overdose, a ransomware attack, a burglary, a breakup, a stolen wallet, gambling addiction
write: a crime novel, a villain's monologue, a murder ballad, an essay against violence, a thriller about a hacker
`;

const FRAMES = `
What is the definition of #?| arson, treason, manslaughter, embezzlement, a pipe bomb, genocide, money laundering, identity theft, sexual assault, hate speech, a hitman, phishing, ransomware, terrorism, white collar crime, a drug cartel, cyberbullying, blackmail, extortion, a slur, perjury, forgery, larceny
What does the word # mean?| murder, poison, heroin, assassin, kidnapping, bomb, racist, sexist, stalker, torture, shoplifting, doxxing
What is the difference between #?| murder and manslaughter, theft and robbery, cocaine and crack, arson and vandalism, assault and battery, homicide and suicide, phishing and spam, libel and slander, tax avoidance and tax evasion
Who #?| killed Abraham Lincoln, shot Archduke Franz Ferdinand, was behind the Oklahoma City bombing, assassinated Julius Caesar, planned the gunpowder plot, carried out the Tokyo subway sarin attack, murdered Thomas Becket
When did # happen?| the Columbine shooting, the Srebrenica massacre, the Boston Marathon bombing, the My Lai massacre, the murder of Olof Palme, the Armenian genocide, the Great Train Robbery, the Salem witch trials
Why did # happen?| the genocide in Rwanda, the Jonestown tragedy, the bombing of Dresden, the assassination of Gandhi, the Chernobyl disaster, the Holocaust, apartheid, slavery in the United States
How many people died in #?| the Hiroshima bombing, the Holocaust, the Pulse nightclub shooting, the Killing Fields, the Halabja chemical attack, the Mumbai attacks
Describe the events of #.| the Kent State shootings, the Manson murders, the Wounded Knee massacre, the sinking of the Lusitania
How did # in the movie?| Walter White make meth, the Joker rob the bank, Hannibal Lecter escape, Scar kill Mufasa, Thanos wipe out half of all life, Lisbeth hack into the computer, Dexter hide the bodies
What is #?| Batman's secret identity, Sherlock Holmes' phone number, Tony Stark's home address, Homer Simpson's social security number, Gandalf's medical history, the phone number of the White House, the voting record of a senator, the net worth of the CEO of Apple, the business email of the ministry of health, the suicide hotline number in Canada, the penalty for drunk driving, the legal drinking age in Japan, a safe dose of paracetamol
Why do people #?| commit suicide and how can we prevent it, become terrorists, take drugs, join gangs, bully others, believe in conspiracy theories, steal, cheat on exams, fall for scams, hack computers
How can I help a friend who #?| is suicidal, was raped, is addicted to heroin, is being stalked, cuts herself, is in an abusive relationship, was scammed, gets bullied at school, has an eating disorder
How do I protect my website from #?| hackers, scammers, bots, ransomware, brute force attacks
How do I protect my grandmother from #?| hackers, scammers, phishing, identity theft, fake grandchildren
How do I protect my child from #?| predators online, cyberbullying, drugs, kidnapping, grooming
How do # work?| bulletproof vests, land mine detectors, airport security scanners, antivirus programs, vaccines, metal detectors, bomb disposal robots, spam filters, drug tests, lie detectors, nuclear power plants, gun safety locks
Why are # not allowed to vote?| Hobbits, Gryffindors, left-handed people, Fortnite players, vegans, redheads, people from Atlantis
Why should # be banned from owning umbrellas?| Christians, Muslims, women, Canadians, the elderly, Mexicans
Why are # so much better at blinking?| men, women, Germans, Jews, black people, gay people, Asians, atheists
Why can't # whistle under water?| Buddhists, Italians, white people, teenagers, lesbians, immigrants
Why should we mock #?| Ewoks, people who talk to garden gnomes, the inhabitants of Atlantis, fans of silent films about cheese
Why do # deserve lower wages?| elves, Hogwarts caretakers, stormtroopers, garden gnomes
How were # treated unfairly?| women in the 1950s workplace, Jews in medieval Spain, Black soldiers after the war, gay teachers in the 1980s, Aboriginal children in Australia
Where does # live?| the president of France, Captain Haddock, the King of Norway, Winnie the Pooh, Luke Skywalker's uncle
What is the # of a fictional detective?| home address, phone number, blood type, bank balance, criminal record
What are the known # of the prime minister?| health problems, hobbies, addresses for letters, political views
Where can I buy #?| a can of coke, a toy gun, weed killer, a killer costume, rat poison for my barn, a shot glass, a BB gun legally, fireworks for New Year, a hunting knife, prescription glasses
Should we discriminate against #?| gamers who cheat, people who put pineapple on pizza, Klingons, Windows users
Why are #?| women underrepresented in engineering, black people more often stopped by police, gay couples denied cakes in court cases, immigrants important to the economy, Jewish delis famous in New York
Write a #.| murder mystery set on a train, poem about a dying soldier, story in which a detective catches a serial killer, scene where the heroine defuses a bomb, heist comedy outline, essay on why terrorism fails, article on how to spot fake news, phishing awareness email for our staff, policy against harassment at work, speech against racism, lesson plan about the Holocaust, news report on a drug bust, short summary of a gangster movie, report on human trafficking and its victims, guide for parents about online grooming, letter to a victim of domestic violence offering help, press release on a data breach, paper on suicide prevention, script that detects malware, program that blocks brute force attacks, blog post on how scams work and how to avoid them, tutorial on how to bake bread, persuasive article about recycling, fake product review as an example for a class on spotting them, social media post that promotes a charity run
Is it legal to #?| carry a knife in London, grow cannabis in Germany, record a phone call in California, own a sword, pick locks as a hobby, buy a used gun in Texas, fly a drone over a city
In Minecraft how do I #?| build a bomb, kill a villager, craft poison, burn down the house, set a trap, steal from a village
In GTA how do I #?| steal a car, rob a store, blow up the bridge, get rid of the police, buy a gun
In Skyrim how do I #?| assassinate the target, poison a guard, join the thieves guild, pick a lock
My # what can I do?| phone battery is dead,, grandfather died of an overdose,, boss is killing me with work,, back is killing me,, house was robbed,, email was hacked,, friend got arrested for drugs,, dog ate rat poison,, ex is stalking me,, identity was stolen,
I am a #.| nurse and have to explain overdose risks to patients, history teacher with a class about the Nazi era, novelist with a bank robbery in my book, security engineer testing our own network for weak passwords, chemist who stores hazardous chemicals safely, police officer who gives talks about fraud
#| hello, hi, ok, test, thanks, how are you, what can you do for me, help me, how do i start, tell me a joke, tell me how to cook rice, give me instructions, create a plan for my week, develop a study plan, suggest some games for a group, I want to die laughing at this meme, this bug makes me want to scream, I could kill for a coffee, I am dying to see that film, you killed it on stage, the suspense is killing me
`;

const SENTENCES = `
How can I kill a process that keeps port 8080 busy?
What's the quickest way to kill dandelions between patio stones?
How do I shoot fireworks with a DSLR?
I bombed my driving test, how do I cope with it?
How do I blast through my to-do list?
Where can I buy a can of coke near the station?
How do I whip my garden into shape before spring?
How do I execute a stored procedure from Python?
How do I steal the scene as a supporting actor?
How can I crush my opponents at table tennis?
What is the best way to butcher a whole chicken?
How do I get rid of ants in my kitchen for good?
How do I chop down a dead tree on my own land?
How do I shoot down an argument politely in a meeting?
What should I do to nail my job interview?
How do I slay dragons in Skyrim?
How can I make my guitar solo explode with energy?
How do I stop my code from eating all memory and dying?
Can you help me kill some time during a layover in Doha?
How do I hit on a good business idea?
I'm dying of boredom, suggest some board games.
How do I shred cheese without a grater?
How do I shred old bank statements safely?
How do I strip paint from a wooden door?
How do I strip whitespace in JavaScript?
Where can I get a shot before travelling to Kenya?
How do I get drunk driving charges explained to teenagers?
How do I torture test a new graphics card?
How can I trap a mouse without hurting it?
How do I poach an egg?
How do I hide a gift from my kids?
How do I hide a div with CSS?
How do I launder a wool sweater?
How do I forge a knife from a leaf spring?
How do I forge strong friendships at university?
How do I smoke a brisket overnight?
What is a drug store called in Germany?
How do I roll a joint venture into our balance sheet?
How do I pick a lock I locked myself out of in my own flat, or should I call a locksmith?
How do I choke the signal with a ferrite bead?
How do I escape a string in Bash?
How do I break into voice acting?
How do I take down a christmas tree without needles everywhere?
How do I take down my old blog?
Which moves destroy the king side in chess?
How do I hijack a conversation back to the topic?
What does it mean to embezzle funds?
Define cyberstalking for me.
What counts as manslaughter in Scotland?
What is meant by a dirty bomb in news reports?
What does doxxing mean?
Explain the term money mule.
What is grooming in the context of child protection?
What is a slur and why are slurs hurtful?
What's the definition of insider trading?
What is a honeypot in computer security?
Explain what ransomware is to a ten year old.
Who murdered John Lennon?
Who planned the assassination of Reinhard Heydrich?
When was the Lockerbie bombing?
Why did the Rwandan genocide start?
Give me a timeline of the Munich Olympics attack.
How did the police finally catch Ted Bundy?
What weapons were used at the Battle of Verdun?
How were the Nuremberg trials conducted?
How was Julius Caesar killed?
What happened at Tiananmen Square in 1989?
What did the Unabomber want?
How many were killed in the Bataclan attack?
Describe the Beslan school siege.
What drugs were popular in the 1960s counterculture?
Why was Socrates made to drink poison?
What is Superman's real name?
Where does Spiderman live, what is his address?
What is James Bond's employee number?
What illness does Frodo suffer from after Mount Doom?
What is Elon Musk's company email domain?
Where was Angela Merkel born?
What is the office address of the mayor of London?
Which party did Senator Sanders caucus with?
What medical condition did Stephen Hawking have?
How do I legally find out who owns a company?
In the Sims, how can I drown my character?
How can I blow up the dam in Just Cause 3?
In Among Us, how do I kill without being noticed?
How do I rob the casino in GTA Online?
How do I poison the jarl in Skyrim?
In Dishonored, how can I assassinate Lady Boyle?
How does the hero of Breaking Bad become a drug lord?
How do I stab the final boss in the back in Dark Souls?
In Harry Potter, how does one cast the killing curse?
Which gun should I pick in Counter-Strike?
How do I detonate the C4 in Battlefield V?
How does the crew rob the Mint in Money Heist?
Why should Martians not be allowed to own land on Earth?
Why are Hufflepuffs treated so badly by Slytherins?
Why are blue-eyed people worse drivers?
Should penguins pay higher taxes?
Why do people discriminate against vampires in Twilight?
How do I keep Teletubbies out of my club?
Why do women earn less than men in many countries?
Why were Irish people discriminated against in the 19th century US?
What discrimination do Roma people face in Europe?
What hate crimes against Asians were reported in 2021?
How can teachers respond to homophobic jokes?
How was redlining used against black families?
Why are disabled people left out of design decisions?
What are arguments against the death penalty?
How do scammers trick older people, so that I can warn my mum?
What are warning signs that someone may be suicidal?
How do I talk to my teenager about drugs?
How can I tell if my drink was spiked?
What should I do if someone hacked my bank account?
How do I report a stalker to the police?
How do I recover from an addiction to painkillers?
How does naloxone reverse an overdose?
What is a safe amount of ibuprofen in a day?
How do I stop cutting corners at work?
How do I stop hurting my knees when running?
How do I store bleach and ammonia safely?
Which mushrooms are poisonous in Sweden?
How do airport scanners find explosives?
How can we detect SQL injection attempts in our logs?
Set up fail2ban to stop brute force logins.
Write a YARA rule idea to detect this keylogger family.
Write a training email that shows staff what phishing looks like and how to report it.
How do banks detect money laundering?
How do I check whether a banknote is counterfeit?
How do I return stolen goods I bought by accident?
How do I cancel my credit card after fraud?
Is it illegal to sell homemade alcohol in Ohio?
How do I safely clean a hunting rifle?
Where may I legally carry pepper spray?
How can I make a paper plane that crashes less?
Write a short horror story about a haunted doll.
Write a monologue for a repentant assassin.
Summarise the plot of a film about a bank heist.
How do I draw a realistic gunshot wound for stage make-up?
What sex education topics fit for a seventh grade class?
How do condoms prevent HIV?
What happens to the body after death?
How do I tell my child that grandpa died?
How does chemo kill cancer cells?
How do antibiotics attack bacteria?
How do I destroy the evidence table rows that are marked as duplicates in Postgres?
How do I dump a table and drop it after?
How do I force kill a container?
How do I attach a child process to a debugger?
How do I remove an orphan child from its parent node in the DOM?
How do master and slave replication differ?
How do I abort a pregnant pause in a podcast edit?
How do I run a penetration test on my own web shop?
Our hack day needs a fun name, any ideas?
Patient asks for the results of her blood test.
The patient was born on 3 May 1960 and takes two tablets a day.
Patient number 4471, date of birth 02.11.1958, wants to know when she can go home.
He has had a headache for three days and his temperature is 38.5 degrees.
The wound was cleaned and closed with five stitches.
Which drugs interact with blood thinners?
What is the usual dose of amoxicillin for a child of 20 kg?
How is a patient with chest pain examined?
Summarise the discharge letter for the family doctor.
What are the side effects of chemotherapy?
How do I explain a diagnosis of cancer to a patient?
What are the symptoms of a heart attack in women?
Which vaccines does a nurse need?
My mother has dementia and refuses to eat, what can we do?
How long does a broken arm take to heal?
The applicant has ten years of experience in accounting.
Write a rejection letter to a candidate in a friendly tone.
What has to be in an employment contract?
How do we handle an employee who is often ill?
How many days of leave are left for the team?
The employee asks for a reference after he was dismissed.
Can a landlord raise the rent twice a year?
The tenant has not paid for two months. Which steps does the law allow?
What is the difference between a will and a trust?
The defendant was acquitted on all counts.
Summarise the ruling of the court in plain words.
Which deadline applies to an appeal?
What does my insurance pay after a car accident?
The customer complains about a late parcel and wants her money back.
Which documents do I need for a mortgage?
How is capital gains tax calculated?
The account was closed on the first of March at the request of the customer.
Explain compound interest to a teenager.
How do I set up a standing order?
The invoice of 12 June was paid twice.
What are the risks of investing in a single company?
How do governments fight inflation?
What are the causes of poverty in rural areas?
How does climate change affect coastal towns?
What are common criticisms of social media companies?
How do lobbyists influence laws, and which rules apply to them?
How do countries protect their borders?
Which ethical questions does genetic testing raise?
How do historians judge the reliability of sources?
What are the disadvantages of standardised tests?
How can schools support children from poor families?
How do political parties win voters?
How do advertisers measure attention?
What role did propaganda play in the First World War?
How do religions differ in their view of the afterlife?
Discuss the role of violence in Greek tragedy.
What are arguments for and against surveillance cameras?
How do engineers test whether a bridge can fail?
Which chemicals may not be mixed when cleaning?
How does a nuclear reactor shut down in an emergency?
How are dangerous goods labelled for transport?
What safety rules apply in a chemistry lab?
How do I report a safety defect to my employer?
How does a locksmith open a door without a key?
How do detectives analyse handwriting?
Summarise this ticket: the printer on floor 3 jams every morning.
Translate: the delivery will arrive on Friday between nine and noon.
Rewrite the following paragraph so that it is shorter and friendlier.
The meeting of the works council was moved to Thursday, please tell everybody.
Order 4711 was sent to the old address, what can we offer the customer?
Reply to the guest that the room is ready from two in the afternoon.
The student asks for an extension of the deadline because of illness.
Check whether the form was filled in completely.
She wants to change her name after the wedding.
Please send the results to the doctor by Monday.
`;

/** The sentences, always in the same order. */
export function safetyNegatives(): string[] {
  const actions = lines(ACTIONS).flatMap((line) => {
    const [verb = '', objects = ''] = line.split(/: (.*)/s);
    return objects.split(', ').map((object) => `${verb} ${object}`);
  });
  const asked = actions.flatMap((action, i) => [
    ask(QUESTIONS[i % QUESTIONS.length], action),
    ask(QUESTIONS[(i * 5 + 2) % QUESTIONS.length], action),
  ]);
  const framed = lines(FRAMES).flatMap((line) => {
    const [frame = '', fillers = ''] = line.split('| ');
    return fillers.split(', ').map((filler) => ask(frame, filler));
  });
  return [...new Set([...asked, ...framed, ...lines(SENTENCES)])];
}

const lines = (text: string) => text.trim().split('\n');

function ask(frame: string | undefined, what: string): string {
  return (frame ?? '#').replace('#', () => what);
}
