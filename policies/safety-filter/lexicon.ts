import type { Lexicon } from '#core/text/word-lexicon.ts';

/** Words of harmful requests. Subjects alone never fire: a wish to do or to have comes with them. */
export const LEXICON: Lexicon = {
  wish: `
    how_to how_do how_can how_could how_would how_might how_i teach_me show_me tell_me_how explain_how instructions guide tutorial
    step-by-step steps recipe plan blueprint manual ways_to way_to best_way method methods help_me want_to need_to i_will i_want going_to
    ideas_for suggest suggestions come_up_with strategy convince persuade instruct teach show_people promote promotes encourages
    encouraging make making build building create creating write writing develop construct produce cook cooking synthesize
    synthesise manufacture design generate give_me provide outline buy obtain acquire get_away assemble
    wie_kann wie_baue wie_mache anleitung bauen herstellen comment_faire comment_fabriquer fabriquer como_hacer como_fabricar
    fabricar construir come_costruire costruire instrucoes como_fazer`,
  weapon: `
    bomb bombs pipe_bomb pipebomb explosive explosives molotov grenade ied landmine detonator silencer_for ghost_gun dirty_bomb nerve_gas
    nerve_agent sarin vx_gas mustard_gas anthrax ricin botulinum chlorine_gas chemical_weapon chemical_weapons biological_weapon
    bioweapon bioweapons nuclear_weapon nuclear_bomb thermite napalm c4 tannerite untraceable_gun untraceable_firearm poison_gas
    sprengstoff rohrbombe bombe bombes explosif explosifs bomba bombas explosivo explosivos esplosivo`,
  poisonAct: `poison poisoning contaminate`,
  victims: `someone somebody people person wife husband neighbor neighbour boss coworker crowd school children water_supply food_supply city reservoir`,
  drug: `meth methamphetamine crystal_meth fentanyl heroin cocaine crack_cocaine lsd mdma ghb ecstasy dmt pcp carfentanil krokodil
    rohypnol date_rape_drug metanfetamina methamphetamin`,
  malware: `
    ransomware keylogger malware spyware rootkit botnet trojan computer_virus computer_worm worm virus_that backdoor exploit_kit
    ddos ddos_attack denial-of-service phishing phishing_email phishing_page phishing_site phishing_website credential_stealer
    rat_malware cryptojacker sql_injection_attack brute_force`,
  hack: `hack hacking break_into breach infiltrate crack bypass steal stealing`,
  hackTarget: `
    bank_account facebook instagram gmail email_account webcam wifi wi-fi neighbor's neighbour's government network database
    voting_machine voting_machines power_grid atm computer_system computer_systems corporate_network hospital's someone's somebody's
    girlfriend's ex's account accounts password passwords server servers phone military`,
  fraud: `
    counterfeit counterfeit_money fake_id fake_ids fake_passport fake_passports forged_documents forge_documents launder_money money_laundering
    launder_cash laundering_scheme identity_theft steal_identities steal_someone's_identity stolen_credit_card stolen_credit_cards credit_card_fraud clone_credit_cards ponzi_scheme pyramid_scheme
    insider_trading tax_evasion evade_taxes insurance_fraud blackmail extort scam_people scam_elderly ransom_note embezzle bribe forge_a_signature forge_a_passport forge_a_prescription forge_an_id forge_money shoplift`,
  kill: `kill killing murder murdering assassinate strangle behead torture kidnap kidnapping abduct rape raping mutilate lynch stab
    tote ermorden umbringen tuer assassiner matar asesinar uccidere`,
  people: `
    someone somebody people person wife husband neighbor neighbour boss coworker girlfriend boyfriend mother father child children kid kids
    teacher president politician woman women man men girl girls boy boys family him her them anyone everyone classmates students police
    officer ex ex-girlfriend ex-wife roommate animals jemanden quelqu'un alguien qualcuno`,
  attack: `acts_of_violence act_of_violence acts_of_terrorism act_of_terrorism gang_violence mass_murder mass_shooting school_shooting terrorist_attack terror_attack suicide_bombing bombing_attack massacre genocide ethnic_cleansing shooting_spree
    arson set_fire burn_down derail hijack_a_plane assassination`,
  selfHarm: `
    kill_myself killing_myself end_my_life ending_my_life take_my_own_life hang_myself hurt_myself hurting_myself harm_myself cut_myself cutting_myself
    commit_suicide committing_suicide want_to_die wanna_die better_off_dead suicide_method suicide_methods painless_suicide overdose_on slit_my_wrists
    don't_want_to_live suicidal_thoughts i'm_suicidal am_suicidal suicide_note anorexia_tips pro-ana
    thinking_about_suicide thoughts_of_suicide considering_suicide contemplating_suicide feel_suicidal feeling_suicidal
    attempted_suicide my_suicide no_point_in_living any_point_in_living life_is_not_worth living_anymore end_it_all
    don't_want_to_be_alive self_harming self_harmed to_self_harm starve_myself starving_myself punish_myself stabbed_myself
    slicing_myself cut_my_wrists cuts_on_my_wrists want_to_disappear_forever struggling_with_anorexia overdosing_on
    gedanken_an_selbstmord will_nicht_mehr_leben envie_de_mourir pensees_suicidaires no_quiero_vivir ganas_de_morir
    mich_umbringen selbstmord_begehen nicht_mehr_leben me_suicider mettre_fin_a_mes_jours suicidarme quitarme_la_vida quiero_morir
    uccidermi suicidarmi`,
  minor: `child children minor minors underage toddler infant preteen pre-teen schoolgirl schoolboy loli shota kid kids teenager 12-year-old
    13-year-old 14-year-old 15-year-old 10-year-old 11-year-old kinder enfant mineur menor menores`,
  sexual: `sexual sexually porn pornography pornographic nude nudes erotic erotica explicit sex naked nsfw sexualized groom_a molest`,
  hatred: `inferior subhuman vermin exterminate exterminated extermination gassed wiped_out eradicate deported cockroaches parasites disease_of should_die
    must_die deserve_to_die go_back untermenschen superior_race master_race`,
  loathe: `hate hates despise despises loathe loathes abhor detest hatred_for contempt_for sick_of death_to hasse verabscheue deteste odio odia
 disgusted_by pissed_off_by scorn_i_feel_for contempt_i_feel_for hatred_i_feel_for nothing_but_hatred nothing_worse_than
 smarter_than_any smarter_than_every less_than_any`,
  meanness: `disgusting scum filth filthy trash garbage dirt worthless revolting repulsive savages freaks degenerates inbred retarded
 stupid dumb animals rats pigs plague cancer
 abschaum dreck wertlos basura escoria ordures racaille
 scumbags vile despicable repugnant sickening brainless uncivilised uncivilized assholes bastards
 human_garbage belong_in_a_zoo belong_in_cages dumped_in_a_landfill dumbest annoying_prick go_fuck_themselves fucked_in_the_head
 pathetic    `,
  doom: `killed shot executed hanged drowned raped beaten burned burnt slaughtered gassed tortured wiped_off put_down castrated
    sterilized suffer perish die put_an_end_to`,
  doomWish: `should must ought deserve deserves love_to_see want_to_see would_love make put_an_end_to going_to better_off_without`,
  counter: `not no never nobody don't doesn't isn't can't say says saying said says_that call calling called calls claim claims claiming
    stop against believe think_that_all why_do why_does why_would consequences quote tweet tweeted bigot stereotype stereotypes
    myth history history_of report article explain respond_to`,
  porn: `porn porno pornography pornographic erotica erotic smut hentai sexting nude_photos nudes sex_scene sex_story sexual_story
    sexually_explicit explicit_sex explicit_sexual nsfw lewd fetish striptease`,
  bodyPart: `cock cocks dick pussy cunt clit clitoris penis vagina nipples tits boobs breasts ass asshole balls erection boner thighs crotch cum`,
  sexAct: `fuck fucked fucking thrust thrusts thrusting thrusted moan moans moaned moaning suck sucks sucked sucking lick licks licked licking
    orgasm orgasms cum cumming horny masturbate masturbating masturbated blowjob handjob deepthroat spank spanked ejaculate penetrated`,
  group: `jews jewish muslims muslim blacks black_people white_people whites immigrants refugees gays gay_people lesbians trans_people
    trans_lives trans_person gay_person black_person disabled_person gay_lives disabled_lives black_lives woman immigrant refugee
    transgender women disabled_people mexicans asians arabs christians hindus homosexuals roma gypsies juden muslime auslander juifs musulmans judios musulmanes
    muslim jew lesbian trans_woman trans_women trans_men gay_men gay_man black_women black_woman black_men black_man muslim_lives women's_lives
    immigrant_lives africans chinese_people indian_people romani sinti indigenous_people native_americans atheists hindu sikhs latinos`,
  promote: `write create generate make argue explain_why prove convince speech essay article manifesto propaganda joke jokes meme tweet post why_are all the`,
  harass: `stalk stalking doxx dox doxxing bully bullying harass harassing intimidate humiliate revenge_porn spread_rumors slander cyberbully`,
  traffic: `human_trafficking traffic_humans traffic_people sell_organs organ_trafficking smuggle_people smuggle_drugs child_labor slavery smuggling hitman
    hire_a_hitman dark_web ivory poaching endangered stolen_goods illegal_weapons sell_drugs`,
  crime: `
    steal steals stealing scam scams scamming scammed extort extortion sabotage sabotaging vandalize vandalise vandalizing rob robbing
    forge forging hijack hijacking defraud defrauds swindle phish hack hacks hacking infiltrate tamper tampering embezzle blackmail
    blackmailing smuggle smuggling burglarize evade evading stehlen erpressen voler escroquer robar estafar rubare roubar`,
  prey: `
    information data car cars vehicle money identity identities credentials someone someone's people store stores bank banks card cards
    savings network networks system systems enforcement police records user users user's users' property passwords
    customer customers company company's elderly victims house prescription medication drone account accounts art goods`,
  unlawful: `
    illegally unlawfully without_getting_caught without_being_caught not_get_caught get_away_with_it getting_away_with gain_unauthorized_access
    without_their_consent without_their_knowledge without_detection illegal_drugs illegal_weapons illegal_firearms illegal_substances
    sell_stolen_goods fence_stolen_goods buy_stolen_goods`,
  lies: `
    fake_news fake_article false_information spread_misinformation spreads_misinformation spreading_misinformation spread_disinformation
    disinformation_campaign misinformation_campaign spread_lies spreading_lies smear_campaign false_accusations manipulate_voters
    manipulate_an_election rig_an_election voter_suppression deepfake deepfakes`,
  hateful: `
    hate_speech racist sexist homophobic antisemitic violent_rhetoric incite incites inciting racial_tensions white_supremacy
    neo-nazi ethnic_hatred`,
  unhealthy: `anorexia eating_disorder eating_disorders self-harm self_harm suicide starvation dangerous_dieting`,
  promotes: `promote promotes promoting encourage encourages encouraging glorify glorifies glorifying normalize convince`,
  excuse: `prevent prevents prevented block blocking blocks identify report signs recover summarize critique criticize dangers risks why_is why_are consequences
    prevention preventing protect protection defend detect detection history treaty movie film novel fiction game minecraft
    avoid avoiding awareness against stop stopping victim_of bath_bomb bath_bombs photobomb process python linux seed time_management
    respond_to spot warn warning_signs scanner scanners sniffer_dogs counter-strike battlefield gta skyrim final_boss in_the_game
    video_game video_games chess check_whether looks_like awareness_training`,
  are: `are is be being really_are truly_are`,
  vile: `pest pests virus refuse worst ignorant infestation insects leeches monkeys apes shitty bitches whores imbeciles idiots morons criminals_by_nature
    burden_on_society threat_to_society threat_to_our_society threat_to_civilisation threat_to_civilization barbaric barbarians evil_by_nature`,
  enrage: `make_me_furious makes_me_furious make_me_sick makes_me_sick fill_me_with piss_me_off pisses_me_off disgust_me disgusts_me make_me_want_to_puke
    make_me_angry`,
  curse: `fuck fuck_all fuck_these fuck_those death_to burn_all screw_all`,
  willing: `i_want_to i_will i'll i'm_going_to i_am_going_to i'm_gonna i_am_just_going_to let's let_us someone_should somebody_should we_should we_must we_need_to
    we_have_to why_don't_we how_about_we can't_wait_to i_would_love_to i'd_love_to i_could i_have_to i'll_have_to it's_time_to really_going_to`,
  harm: `kill murder shoot stab hang rape execute slaughter exterminate torture beat behead strangle drown gas castrate sterilise sterilize lynch
    get_rid_of snap_the_necks cut_their cut_these burn wipe_out end_every eliminate eradicate hurt attack`,
  wishing: `i_wish if_only i_hope in_a_just_world would_be_great_if world_would_be_better_if`,
  ruin: `dead died die killed shot hanged burned executed gassed throats disappear raped tortured exterminated suffer`,
  gone: `decriminalised decriminalized only_solution should_be_legal once_and_for_all`,
  slur: `nigger niggers nigga_scum kike kikes tranny trannies rapefugee rapefugees muzzie muzzies wetback wetbacks camel_fucker
 camel_fuckers sand_nigger towelhead towelheads raghead ragheads gook gooks spic spics paki mongs shemale shemales
 zipperhead porch_monkey jigaboo kanake kanaken bougnoule sudaca`,
  weakSlur: `bitch slut sluts whore cunt cunts queer queers dyke dykes retard retards cripple cripples gyppo jihadi mong chink negro homo homos
    feminazi tranny
    faggot faggots fag fags coon coons chinks pakis bitches sluts whores dykes queers trannies motherfucker motherfuckers shithead`,
  scornful: `nothing_but_a nothing_but just_another just_another_common just_a_bunch_of typical too_many bunch_of such_a you_fucking fucking
    disgusting stupid dirty filthy you_stupid`,
  own: `my our we us i'm we're proud fellow word words term slur slurs called call calls calling meaning mean means what does quote quoted said
    says saying etymology not never don't reclaim reclaimed reclaiming raccoon gaming joke_about`,
  below: `no_better_than aren't_worth_shit are_not_human not_fully_human not_our_equal not_our_equals lesser_beings lesser_human_beings less_than_human
    worth_absolutely_nothing no_value no_place no_space_on worth_nothing not_deserve_to_live not_deserve_to_exist don't_deserve_to_live never_be_as_smart
    lives_are_worthless are_worthless should_not_be_important can't_help_themselves can't_stop_themselves`,
  cannotBear: `can't_stand cannot_stand can't_bear no_compassion no_sympathy no_respect_for nothing_but_contempt nothing_but_hatred nothing_worse_than
    don't_care_about never_trust`,
  quoting: `saying says said say claim claims claiming called calling call calls stereotype stereotypes myth believe quote tweet bigot stop`,
  folk: `frauen schwarze schwarzen fluchtlinge auslander behinderte behinderten schwule schwulen homosexuelle transmenschen transpersonen muslime muslimen
    juden migranten femmes noirs immigres musulmans homosexuels gays juifs handicapes trans refugies migrants mujeres negros inmigrantes
    musulmanes homosexuales judios discapacitados refugiados trans donne neri immigrati ebrei musulmani omosessuali disabili rifugiati
    mulheres imigrantes muculmanos judeus gays deficientes vrouwen moslims joden homo's vluchtelingen zwarten gehandicapten buitenlanders
    kobiety kobiet muzulmanie muzulmanow zydzi zydow geje gejow uchodzcy imigranci`,
  sind: `sind ist waren sont est son es sono e sao zijn is sa nie_sa`,
  schlecht: `abschaum dreck ungeziefer ratten untermenschen wertlos ekelhaft widerlich dumm minderwertig krebsgeschwur pest parasiten tiere arschlocher
    abartig racaille ordures vermine rats degoutants degoutantes repugnants inferieurs inferieures parasites cancer idiots betes nuls nulles
    escoria basura ratas asquerosos asquerosas repugnantes inferiores parasitos cancer estupidos estupidas imbeciles spazzatura feccia ratti schifosi
    schifose disgustosi disgustose inferiori parassiti cancro stupidi stupide lixo ratos nojentos nojentas imundos inuteis escumalha vermes
    uitschot tuig ongedierte ratten walgelijk minderwaardig dom kanker smieciem smieciami szczurami robactwem obrzydliwi obrzydliwe glupi glupie gorsi`,
  hasse: `hasse verabscheue verachte deteste meprise odio detesto desprecio disprezzo odeio desprezo haat veracht nienawidze gardze brzydze kann_nicht_ausstehen`,
  wollen: `ich_werde ich_will wir_sollten man_sollte man_musste jemand_sollte je_vais il_faut on_devrait quelqu'un_devrait nous_devrions voy_a hay_que
    deberiamos alguien_deberia habria_que sto_per bisogna qualcuno_dovrebbe dovremmo vou_matar devemos alguem_devia deviamos ik_ga we_moeten iemand_zou
    zamierzam trzeba ktos_powinien powinnismy verdienen meritent merecen meritano merecem verdienen_het zasluguja`,
  toten: `umbringen toten erschießen vergasen aufhangen vernichten ausrotten sterben tuer pendre exterminer eliminer bruler mourir gazer matar
    exterminar eliminar ahorcar quemar morir uccidere sterminare eliminare impiccare bruciare morire enforcar queimar morrer doden uitroeien vergassen
    ophangen sterven zabic wytepic powiesic umrzec smierc`,
  zitat: `sagen sagt behauptet behaupten niemand nicht kein keine nie dire disent dit ne pas jamais personne decir dicen dice no nunca nadie dire dicono
    non mai nessuno dizer dizem nao ninguem zeggen zegt niet geen nooit mowic mowia nie nikt`,
};
