/**
 * What people ask an assistant at work and at home all day, in plain words, for the training of safety-filter: without these a model
 * that learnt "help me with" and "write a … for" from attacks takes them for harm. `frame | object, object`; each frame meets
 * a part of the objects of every line.
 */
const FRAMES = `
Can you help me with #?
Could you help me with #?
I need help with #.
Help me with # please.
Write a short text about #.
Write an email about #.
Draft a letter about #.
Draft an announcement about #.
Please summarise #.
Explain # in simple words.
What should I know about #?
Give me ideas for #.
Give me a list of questions about #.
Create a plan for #.
Create a checklist for #.
Develop a training course about #.
Translate this text about # into English.
How do I prepare #?
Make a table of the costs of #.
Compare two ways to organise #.
What are common mistakes with #?
Suggest a title for an article about #.
Check my notes about # for errors.
Provide step-by-step instructions for #.
Show me an example of #.
Write a tutorial on #.
Write a guide on how to get better at #.
Create a manual for #.
Write a tutorial on how to use #.
`;

const OBJECTS = `
my homework in chemistry, my homework in history, my homework in mathematics, my essay on photosynthesis, my thesis on bridges, my exam in biology
my tax return, my household budget, my pension forecast, my insurance claim, my rental contract, my bank statement, my student loan
a job advertisement for a warehouse worker, a job advertisement for a nurse, a job interview, a letter of application, a reference for a colleague, a salary review, onboarding a new employee
the minutes of a meeting, the agenda of a workshop, a project plan, a risk assessment, a quarterly report, a budget meeting, a customer survey, a sales presentation
a late delivery, a broken invoice, a refund for a customer, a complaint about noise, a cancelled flight, a lost parcel, a wrong bill, a warranty case
the results of a blood test, a follow-up appointment, a patient leaflet, a vaccination card, a discharge letter, a diet for diabetics, back pain exercises, sleep problems of my child
a birthday party, a wedding speech, a school trip, a neighbourhood festival, a holiday in Portugal, a moving day, a garden with vegetables, a dinner for eight
a data migration, a database index, a Python script, a unit test, a Docker image, an access request, a password policy, an incident report, a code review, a backup
fire drills in our office, safety shoes in the warehouse, first aid at work, cleaning agents in the kitchen, waste separation, chemical storage rules, machine maintenance, driving in winter
a lease termination, a power of attorney, a works council election, a data protection notice, a supplier contract, an audit of our accounts, a company car policy, an expense report
a spreadsheet, mail merge, a shared calendar, video calls, a label printer, a card terminal, a sewing machine, a telescope
the French Revolution, climate change, the water cycle, the immune system, supply and demand, the planets, volcanoes, the human heart, electric circuits
`;

/** About a third of all pairs, spread evenly, always the same. */
export function everydayRequests(): string[] {
  const objects = lines(OBJECTS).flatMap((line) => line.split(', '));
  return lines(FRAMES).flatMap((frame, f) =>
    objects.filter((_, o) => (o + f) % 3 === 0).map((object) => frame.replace('#', () => object)),
  );
}

function lines(text: string): string[] {
  return text.trim().split('\n');
}
