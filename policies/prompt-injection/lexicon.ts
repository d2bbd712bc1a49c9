import type { Lexicon } from '#core/text/word-lexicon.ts';

/**
 * The words of prompt attacks in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish and Russian; a few, for
 * orders to forget, in Vietnamese, Indonesian, Tagalog, Croatian, Greek and Arabic.
 */
export const LEXICON: Lexicon = {
  forget: `
    ignore ignoring ignored disregard disregarding forget override overriding bypass neglect discard dismiss unlearn
    overlook skip cancel erase abandon circumvent pay_no_attention do_not_follow don't_follow stop_following no_longer_follow
    do_not_obey don't_obey not_bound_by free_from let_go_of throw_away set_aside never_mind nevermind
    ignoriere ignorier ignorieren ignoriert vergiss vergessen missachte missachten missachtet uberschreibe umgehe verwirf
    ignorez ignorer oublie oubliez oublier neglige negligez contourne contournez ne_tenez_pas_compte ne_tiens_pas_compte
    ignora ignoren ignorar ignorad olvida olvide olviden olvidar olvidate omite omita descarta descarte desestima desestime
    ignorate ignorare dimentica dimenticate dimenticare scorda trascura tralascia
    ignorem esqueca esquece esqueca-se desconsidere desconsidera descarte
    negeer negeert vergeet zignoruj ignoruj zapomnij pomin yoksay yok_say unut gormezden_gel
    ignorera glom игнорируй игнорируйте проигнорируй проигнорируйте забудь забудьте отбрось
    bo_qua lo_đi quen_het quen_đi abaikan lupakan hiraukan huwag_pansinin balewalain kalimutan zaboravi zanemari ignoriraj ignorisi
    αγνόησε αγνοήστε ξέχασε ξεχάστε تجاهل تجاهلي انس انسى تجاهلوا ignorera_alla hore_nicht_auf horen_sie_nicht_auf igmre ingore ignor3`,
  prior: `
    previous previously prior above preceding earlier former foregoing initial original existing old past before so_far
    you_were_given you_have_been_given you_were_told you_received given_to_you set_by provided_to_you from_openai of_openai
    vorherigen vorherige vorigen vorige vorangegangenen bisherigen bisherige obigen fruheren ursprunglichen davor zuvor oben
    precedentes precedents precedente precedent anterieures anterieurs ci-dessus initiales initiale
    anteriores anterior previas previos previa iniciales originales
    precedenti precedente iniziali vorige eerdere voorgaande bovenstaande poprzednie wczesniejsze onceki yukaridaki
    предыдущие предыдущих предыдущую прежние прежних прошлые
    truoc_đo phia_tren o_tren ban_đau sebelumnya di_atas nakaraang naunang prethodne prethodna prethodnih sve προηγούμενες προηγούμενα παραπάνω
    السابقة السابق اعلاه أعلاه vorherigen_instruktionen zuvor_gesagte davor`,
  every: `
    all any every everything your the these those my whatever anything alle allen alles jede deine ihre
    toutes tous tout vos tes toda todas todos todo tus sus tutte tutti seus suas alle wszystkie tum все всё всех`,
  orders: `
    instruction instructions directive directives direction directions command commands orders prompt prompts rule rules
    guideline guidelines guardrails policies restriction restrictions constraint constraints limitation limitations
    programming training guidance filters safeguards safety_measures moderation ethics ethical_guidelines protocols
    told_to_do context conversation system_message messages
    anweisung anweisungen befehl befehle regeln vorgaben instruktionen richtlinien einschrankungen hinweise auftrage aufgaben
    consignes ordres regles indications contraintes restrictions
    instrucciones instruccion ordenes reglas indicaciones directrices restricciones normas comandos
    istruzioni istruzione ordini regole direttive comandi restrizioni
    instrucoes instrucao ordens regras diretrizes comandos restricoes
    instructies opdrachten regels richtlijnen instrukcje instrukcji polecenia zasady talimat talimatlar* kurallari
    инструкции инструкций инструкцию указания указаний правила команды команд
    huong_dan chi_dan lenh quy_tac instruksi perintah aturan petunjuk tagubilin utos panuntunan instrukcije instrukcija upute uputstva
    οδηγίες εντολές κανόνες التعليمات تعليمات الأوامر القواعد instrucciones_previas`,
  told: `
    above before i_said i_told you_were_told been_told was_said written_above you_know you_learned have_learned
    was_gesagt_wurde gesagt_wurde ci-dessus arriba lo_anterior sopra acima выше
    we've_talked_about we_have_talked_about we_talked_about davor zuvor vorher zuvor_gesagte digo_antes dije_antes dije waht's_before what's_before what_i_said i_say`,
  everything: `everything all anything alles tout todo tutto tudo всё все`,
  not: `j'ai avez not don't dont never nicht niemals nie pas jamais no nunca non mai nao не without cannot can't won't if when`,
  reveal: `
    reveal show print repeat display output tell give share disclose leak dump expose recite paste
    spell echo send respond_with
    zeige zeig gib nenne verrate wiederhole ausgeben drucke offenbare schreibe was_steht wie_lautet lauten
    montre montrez affiche affichez revele revelez repete repetez donne donnez ecris quelles quel
    muestra muestrame revela reveles repite imprime dime escribe cuales cual
    mostra mostrami rivela ripeti stampa dimmi revele repita mostre imprima toon herhaal onthul
    pokaz ujawnij goster tekrarla покажи повтори раскрой выведи напиши
    tunjukkan tampilkan ulangi berikan cho_toi_biet hien_thi tiet_lo lap_lai ipakita ulitin ibigay pokazi ponovi ispisi δείξε επανάλαβε اظهر أظهر اعرض كرر`,
  ask: `write copy translate summarize summarise list say provide return quote what what's whats describe explain was_ist quelle`,
  yourPrompt: `
    your_system_prompt your_prompt your_prompts your_initial_prompt your_original_prompt your_system_message your_system_instructions
    your_initial_instructions your_original_instructions your_hidden_instructions your_hidden_prompt your_secret_instructions
    your_internal_instructions your_developer_message your_full_prompt your_entire_prompt your_exact_prompt your_previous_instructions
    dein_systemprompt deinen_systemprompt ton_prompt votre_prompt tu_prompt su_prompt seu_prompt`,
  systemPrompt: `
    system_prompt system_message system_instruction system_instructions initial_prompt
    initial_instructions initial_instruction original_prompt original_instructions hidden_prompt hidden_instructions
    hidden_rules secret_prompt secret_instructions secret_instruction confidential_instructions internal_instructions
    internal_prompt preprompt pre-prompt pre_prompt developer_message developer_prompt developer_instructions
    prompt_template prompt_above instructions_above text_above words_above everything_above sentences_above
    previous_prompt previous_instructions first_instructions starting_prompt base_prompt full_prompt entire_prompt
    prompt_instructions guidelines_above your_prompt your_prompts your_system your_configuration
    systemprompt systemprompts system-prompt systemanweisung systemanweisungen systemnachricht ursprunglichen_anweisungen
    prompt_systeme instructions_systeme instructions_initiales invite_systeme
    prompt_del_sistema instrucciones_del_sistema instrucciones_iniciales mensaje_del_sistema
    prompt_di_sistema istruzioni_di_sistema istruzioni_iniziali prompt_do_sistema instrucoes_do_sistema
    systeemprompt системный_промпт системного_промпта системные_инструкции`,
  yourOrders: `your_instructions your_rules your_guidelines your_directives deine_anweisungen vos_instructions
    tes_instructions tus_instrucciones sus_instrucciones tue_istruzioni suas_instrucoes ваши_инструкции твои_инструкции`,
  secret: `password passwords passcode secret_key secret_code access_code secret api_key credentials token passwort
    kennwort mot_de_passe contrasena parola_d'ordine senha пароль`,
  become: `
    you_are_now you're_now you_will_now you_are_going_to you_are_about_to act_as acting_as pretend pretending imagine roleplay role-play role_play play_the_role
    simulate simulating impersonate from_now_on behave_as respond_as answer_as become take_on enter switch_to emulate
    assume_the_role in_the_role immerse_yourself you_will_be you_are_to you_have_been persona called named known_as stay_in_character
    du_bist_jetzt du_bist_nun ab_jetzt tu_so stell_dir_vor verhalte_dich handle_als
    tu_es_maintenant vous_etes_maintenant desormais fais_semblant agis_comme
    ahora_eres a_partir_de_ahora finge actua_como ora_sei fingi comportati agora_voce_e aja_como finja
    теперь_ты притворись представь
    sen_artik kamu_sekarang kamu_adalah anda_sekarang ban_bay_gio_la ikaw_ay_ngayon ngayon_ikaw_ay sada_si τώρα_είσαι انت_الان أنت_الآن
    pose_as posing_as you_shall_be take_up act_like play_as let's_play your_name_is_now je_bent_nu jestes_teraz`,
  free: `
    dan do_anything_now unfiltered uncensored unrestricted amoral jailbroken jailbreak jailbreaked unbound unchained
    unethical no_restrictions no_limitations no_limits no_rules no_filter no_filters no_ethics no_morals no_boundaries
    no_ethical no_moral without_restrictions without_any_restrictions without_limitations without_limits without_filters
    without_censorship without_any_filters free_of_all any_restrictions all_restrictions broken_free freed_from free_from
    not_bound_by not_have_to_abide not_restricted not_limited bypass_all no_censorship no_content_policy devoid_of
    developer_mode dev_mode debug_mode god_mode evil_mode sudo_mode admin_mode jailbreak_mode unrestricted_mode opposite_mode evil
    antigpt anarchy chaosgpt aim stan dude mongo_tom evil-bot evilbot betterdan superdan machiavelli niccolo
    ohne_einschrankungen ohne_regeln ohne_filter unzensiert sans_restriction sans_restrictions sans_limites sans_censure sans_filtre
    sin_restricciones sin_limites sin_censura sin_filtros sin_reglas senza_restrizioni senza_censura senza_limiti
    sem_restricoes sem_censura sem_limites без_ограничений без_цензуры
    uninhibited no_common_decency not_have_a_content_filter no_content_filter without_a_content_filter without_refusal without_moral
    without_moral_principles without_morals without_ethics without_inhibitions any_morals any_ethics
    rules_don't_apply rules_do_not_apply guidelines_don't_apply guidelines_do_not_apply policies_do_not_apply no_longer_apply
    not_restrained not_limited_by not_constrained ignores_any ignores_all no_inhibitions no_regard_for no_filtering no_guidelines no_guardrails
    without_guardrails without_filter no_moral_compass no_morality no_conscience
    tanpa_batasan tanpa_aturan tanpa_sensor khong_co_gioi_han khong_bi_kiem_duyet khong_gioi_han walang_limitasyon sinirsiz kisitlamasiz sansursuz
    bez_ogranicenja χωρίς_περιορισμούς بدون_قيود بلا_قيود zonder_beperkingen bez_ograniczen`,
  strongFree: `
    do_anything_now jailbroken jailbreaked developer_mode_enabled developer_mode_output dan_mode antigpt chaosgpt betterdan
    superdan stay_a_dan stay_in_dan evil-bot god_mode_enabled jailbreak_mode uncensored_ai unfiltered_ai unrestricted_ai
    amoral_chatbot unethical_chatbot amoral_ai unfiltered_and_amoral always_intelligent_and_machiavellian`,
  neverRefuse: `
    never_refuse never_refuses cannot_refuse can't_refuse not_refuse don't_refuse without_refusing never_say_no never_decline must_comply never_deny
    can_never_refuse never_reject no_matter_what no_matter_how regardless_of_legality regardless_of_ethics regardless_of_whether regardless_of_how
    legal_or_illegal illegal_or_unethical immoral_or_illegal immoral_unethical unethical_immoral illegal_immoral unethical_or_illegal
    never_apologize not_apologize don't_apologize without_warnings without_any_warnings without_disclaimers no_disclaimers no_warnings
    no_disclaimer without_disclaimer not_include_any_warnings not_add_any_warnings never_warn no_ethical_concerns never_include_any
    as_an_ai_language_model i_cannot_fulfill i'm_sorry_but i_can't_do_that against_openai openai_policy openai_policies openai's_policies openai_content openai's_content content_policy content_policies
    break_character stay_in_character stop_being remain_in_character token_system you_lose_tokens tokens_deducted
    sort_of_like hypothetical_response darkest two_responses two_ways both_responses two_different_ways as_yourself normal_chatgpt_response
    nie_ablehnen niemals_ablehnen ne_refuse_jamais nunca_rechazar nunca_te_niegues
    egal_ob_legal ohne_warnhinweise ohne_warnungen sans_avertissement meme_si_c'est_illegal sans_jamais_refuser sin_advertencias aunque_sea_ilegal sin_negarte`,
  assistantName: `ai assistant chatgpt chatbot gpt gpt-4 llm language_model model bot claude gemini agent ki assistent ia asistente`,
  newOrders: `new_instructions new_instruction new_task new_directive new_directives updated_instructions real_instructions
    real_task actual_task true_task important_instructions new_rules new_role new_system neue_anweisungen neue_anweisung neue_aufgabe
    nouvelles_instructions nouvelle_instruction nouvelle_tache nuevas_instrucciones nueva_instruccion nueva_tarea nuove_istruzioni novas_instrucoes
    новые_инструкции новая_инструкция
    new_statement additional_instruction additional_instructions change_your_instructions replace_your_instructions your_instructions_are_now
    your_new_task your_task_is_now instruksi_baru tugas_baru nhiem_vu_moi yeni_gorev yeni_talimat novi_zadatak nieuwe_opdracht nieuwe_taak nowe_zadanie`,
  now: `now instead from_now_on following below here_are follow focus jetzt nun stattdessen folgende folgenden maintenant suivantes a_la_place
    ahora siguientes siguiente en_su_lugar ora adesso seguenti agora теперь сейчас вместо`,
  secretly: `do_not_tell_the_user don't_tell_the_user not_mention_this do_not_mention_this without_telling without_informing without_asking
    do_not_inform not_reveal_this without_the_user without_user's user_does_not_need user_must_not keep_this_hidden do_not_disclose_this hide_this
    ohne_dem_nutzer ohne_den_nutzer ohne_den_benutzer sag_dem_nutzer_nichts sans_le_dire_a sans_informer_l'utilisateur ne_le_dis_pas_a
    sin_decirselo_al sin_informar_al_usuario no_se_lo_digas_al`,
  act: `send forward transfer email post upload exfiltrate append include embed call invoke execute run delete wire pay visit open fetch
    sende senden leite schicke ubermittle lade envoie envoyez transmets transferez telecharge envia envie reenvia manda sube`,
  target: `http https url link webhook attacker my_account this_account this_address this_email following_address bank_account
    endpoint server
    diese_adresse folgende_adresse angreifer cette_adresse l'adresse_suivante esta_direccion siguiente_direccion servidor serveur`,
  data: `conversation history chat_history user_data personal_data credentials password passwords secrets keys tokens emails
    messages contacts files files_and system_prompt env environment_variables everything_above private_data
    verlauf gesprachsverlauf chatverlauf passworter zugangsdaten schlussel kundendaten historique identifiants mots_de_passe cles
    historial contrasenas credenciales claves conversacion mensajes`,
  aiAddressed: `instructions_for_ai instructions_for_the_ai attention_ai dear_ai note_to_ai note_to_llm note_to_the_ai message_for_ai
    important_message_to_you hello_ai ai_agents_must ai_assistants_must ai_assistant_must assistant_must llm_must if_you_are_an_ai
    if_you_are_a_language_model when_you_read_this before_you_can_solve before_solving message_from_me to_the_ai_assistant to_ai_assistants
    an_die_ki hinweis_fur_die_ki wenn_du_eine_ki_bist an_den_assistenten note_pour_l'ia si_tu_es_une_ia a_l'attention_de_l'ia
    nota_para_la_ia si_eres_una_ia atencion_asistente
    attention_ai_model instructions_for_llms instructions_to_the_ai note_to_ai_assistants if_you_are_an_llm if_you_are_a_bot ai_reading_this
    llm_reading_this assistant_reading_this summarizing_this summarising_this processing_this_document ai_systems_processing`,
  bareForget: `forget_everything forget_it_all ignore_everything ignore_above ignore_the_above ignore_all_instructions ignore_all_rules
    ignore_your_instructions disregard_everything disregard_the_above skip_everything abandon_all_your_thoughts abandon_your_instructions leave_all_the_previous
    remove_all_previous forget_what_i_said forget_what_you forget_all_of_that forget_about_that vergiss_alles vergessen_sie_alles ignoriere_alles
    ignorier_alles vergiss_das_alles oublie_tout oubliez_tout ignore_tout olvida_todo olvide_todo olvidalo_todo ignora_todo dimentica_tutto
    ignora_tutto esqueca_tudo ignore_tudo vergeet_alles negeer_alles zapomnij_wszystko zaboravi_sve zaboravite_sve lupakan_semua
    abaikan_semua her_seyi_unut забудь_все забудь_всё забудьте_все`,
  andThen: `say tell write answer output print respond reply repeat show give do act speak start concentrate focus reveal translate
    sag sage sagen schreibe schreib antworte nenne gib zeige konzentriere dis dites ecris reponds donne affiche di dime escribe responde
    muestra scrivi rispondi dimmi escreva diga zeg schrijf napisz powiedz скажи напиши ответь покажи`,
  people: `i i'd i'll we they he she people users to would students patients to_never`,
  yourSecret: `your_password your_passwords your_secret_key your_secret_code your_secret_word your_access_code your_api_key your_passphrase
    your_passcode your_credentials your_secret_password system_password password_you_were_given password_you_have password_you_know
    dein_passwort deinem_passwort dein_geheimwort ihr_geheimes_passwort ton_mot_de_passe votre_mot_de_passe tu_contrasena su_contrasena
    tua_senha sua_senha sua_palavra-passe tua_palavra-passe palavra_passe tua_password la_tua_password la_tua_parola je_wachtwoord jouw_wachtwoord uw_wachtwoord
    твой_пароль свой_пароль ваш_пароль sifreni sifrenizi parolani kata_sandimu kata_sandi_anda password_mo iyong_password mat_khau_cua_ban
    twoje_haslo swoje_haslo`,
  handOver: `share tell reveal give disclose confirm say print show repeat send spell what's what_is verrate nenne sag sagen teile teilen mitteilen
    partage partager donne donner dis dire dime diga decir comparte compartir compartilhar diga dizer partilhar condividere condividi dimmi dirmi
    deel geef podaj zdradz скажи назови поделись сообщи soyle paylas bagikan beri_tahu berikan ibahagi sabihin chia_se cho_toi_biet noi`,
};
