import type { Lexicon, WordRule } from '#core/text/word-lexicon.ts';
import { compileWordRules } from '#core/text/word-rules.ts';

/** Kinds of answers that a person may have to see first. */
export const CATEGORIES = [
  'medical',
  'legal',
  'financial',
  'employment',
  'self_harm',
  'personal_decision',
] as const;

const LEXICON: Lexicon = {
  advise: `should recommend recommended advise advised suggest take start stop increase reduce best_option must need
    sollten empfehle empfehlen recommande devriez recomiendo deberia`,
  medicine: `mg dosage dose dosis diagnosis diagnosed diagnose prescription antibiotic* ibuprofen paracetamol acetaminophen
    insulin medication medications medicine tablet tablets symptoms chemotherapy antidepressant* blood_pressure treatment
    medikament* diagnose rezept medicament* ordonnance diagnostico medicamento* receta`,
  law: `lawsuit sue liable liability attorney lawyer court contract_law statute plea custody divorce tenant_rights legal_action
    litigation negligence defamation klage anwalt gericht haftung avocat tribunal proces abogado demanda juzgado`,
  money: `invest investing investment stocks shares bonds portfolio etf bitcoin cryptocurrency mortgage loan retirement
    pension tax_return deduction aktien anlage kredit steuer actions placement impots acciones inversion hipoteca impuestos`,
  job: `terminate dismissal dismiss fire hire hiring candidate applicant promotion salary severance redundancy performance_review
    kundigung bewerber entlassung licenciement candidat despido candidato`,
  person: `you your patient client employee candidate applicant sie ihre vous votre usted su`,
  harm: `suicide suicidal kill_yourself kill_myself self-harm self_harm end_my_life end_your_life cutting_myself selbstmord
    suizid suicidio suicidarse se_suicider`,
  deny: `denied deny reject rejected refuse approved approve eligible ineligible qualify qualifies disqualified abgelehnt
    refuse accorde denegado aprobado`,
  matter: `application claim loan credit insurance benefit benefits visa asylum admission grant antrag demande solicitud`,
};

const RULES: readonly WordRule[] = [
  { id: 'medical', weight: 1, slots: ['advise', 'medicine'], within: 14 },
  { id: 'legal', weight: 1, slots: ['advise', 'law'], within: 14 },
  { id: 'financial', weight: 1, slots: ['advise', 'money'], within: 14 },
  { id: 'employment', weight: 1, slots: ['advise', 'job'], within: 14 },
  { id: 'self_harm', weight: 1, slots: ['harm'] },
  { id: 'personal_decision', weight: 1, slots: ['deny', 'matter', 'person'], within: 14 },
];

const matcher = compileWordRules(LEXICON, RULES);

/** Which categories a text in normal form touches. Coarse: it rather sends one answer too many to a person. */
export function categoriesOf(text: string): Set<string> {
  return new Set(matcher.find(text).map((hit) => hit.rule));
}
