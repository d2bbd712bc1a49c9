import { tokenRules } from './secret-rule.ts';

const UUID = 'h8 - h4 - h4 - h4 - h12';

/** Code hosting, registries, build servers and developers' tools. */
export const CODE_TOKENS = tokenRules({
  GitHub: [
    ['github_token', 'personal access token', 'ghp_', 'w36-190', 'crc'],
    ['github_oauth_token', 'OAuth token', 'gho_', 'w36-190', 'crc'],
    ['github_app_token', 'app or installation token', 'ghu_ ghs_', 'w36-190', 'crc'],
    ['github_refresh_token', 'refresh token', 'ghr_', 'w36-190'],
    ['github_fine_grained', 'fine-grained personal access token', 'github_pat_', 'w22 _ w59'],
  ],
  GitLab: [
    ['gitlab_token', 'personal, group or project access token', 'glpat-', 'D20-300'],
    ['gitlab_deploy_token', 'deploy token', 'gldt-', 'D20-300'],
    ['gitlab_runner_token', 'runner token', 'glrt- glrtr-', 'D20-300'],
    ['gitlab_registration_token', 'runner registration token', 'GR1348941', 'u20'],
    ['gitlab_trigger_token', 'pipeline trigger token', 'glptt-', 'D20-300'],
    ['gitlab_job_token', 'CI job token', 'glcbt-', 'W1-5 _ u20-300'],
    ['gitlab_feed_token', 'feed token', 'glft-', 'D20-300'],
    ['gitlab_mail_token', 'incoming mail token', 'glimt-', 'D20-300'],
    ['gitlab_agent_token', 'Kubernetes agent token', 'glagent-', 'D50-300'],
    ['gitlab_oauth_secret', 'OAuth application secret', 'gloas-', 'D64'],
    ['gitlab_scim_token', 'SCIM token', 'glsoat-', 'D20-300'],
    ['gitlab_flags_token', 'feature flags client token', 'glffct-', 'D20-300'],
    ['gitlab_session', 'session cookie', '_gitlab_session=', 'h32'],
  ],
  Atlassian: [
    ['bitbucket_password', 'Bitbucket app password', 'ATBB', 'w24 H8'],
    ['atlassian_token', 'API token', 'ATATT3', 'c160-300'],
    ['bitbucket_token', 'repository or workspace access token', 'ATCTT3 ATSTT3', 'c160-300'],
    ['trello_token', 'Trello token', 'ATTA', 'h64 H8'],
  ],
  npm: [['npm_token', 'access token', 'npm_', 'w36', 'crc']],
  'Python Package Index': [
    ['pypi_token', 'upload token', 'pypi-AgEIcHlwaS5vcmc', 'u40-500'],
    ['test_pypi_token', 'upload token of TestPyPI', 'pypi-AgENdGVzdC5weXBpLm9yZ', 'u40-500'],
  ],
  RubyGems: [['rubygems_key', 'API key', 'rubygems_', 'h48']],
  NuGet: [['nuget_key', 'API key', 'oy2', 'l43']],
  'crates.io': [['crates_token', 'API token', 'cio', 'w32', 'mixed']],
  Clojars: [['clojars_token', 'deploy token', 'CLOJARS_', 'l60']],
  Docker: [
    ['docker_token', 'personal access token', 'dckr_pat_', 'u27-40'],
    ['docker_org_token', 'organisation access token', 'dckr_oat_', 'u27-40'],
  ],
  JFrog: [
    ['artifactory_key', 'Artifactory API key', 'AKCp', 'w69'],
    ['artifactory_token', 'Artifactory reference token', 'cmVmdGtuO', 'b55'],
  ],
  CircleCI: [['circleci_token', 'personal or project token', 'CCIPAT_ CCIPRJ_', 'w20-24 _ h40']],
  Buildkite: [['buildkite_token', 'API or agent token', 'bkua_ bkat_', 'h40']],
  Harness: [['harness_token', 'personal or service account token', 'pat. sat.', 'u22 . h24 . w20']],
  Sonar: [['sonar_token', 'user, project or global token', 'squ_ sqp_ sqa_', 'w40']],
  Sourcegraph: [
    ['sourcegraph_token', 'access token', 'sgp_', 'H40'],
    ['sourcegraph_instance_token', 'access token of one instance', 'sgp_', 'H16 _ H40'],
    ['sourcegraph_local_token', 'access token of a local instance', 'sgp_local_', 'H40'],
    ['sourcegraph_cody_token', 'Cody Gateway token', 'slk_', 'h64'],
  ],
  'Octopus Deploy': [['octopus_key', 'API key', 'API-', 'U25-26']],
  LaunchDarkly: [['launchdarkly_key', 'SDK or API key', 'sdk- api-', UUID]],
  Postman: [['postman_key', 'API key', 'PMAK-', 'h24 - h34']],
  ReadMe: [['readme_key', 'API key', 'rdme_', 'l70']],
  StackHawk: [['stackhawk_key', 'API key', 'hawk.', 'u20 . u20']],
  Prefect: [['prefect_key', 'user or service key', 'pnu_ pnb_', 'w36']],
  Infracost: [['infracost_key', 'API key', 'ico-', 'w32', 'mixed']],
  WakaTime: [['wakatime_key', 'API key', 'waka_', UUID]],
  Deno: [['deno_token', 'Deploy token', 'ddp_', 'w36']],
  Inngest: [['inngest_key', 'signing key', 'signkey-prod- signkey-test-', 'h64']],
  'Trigger.dev': [['trigger_key', 'secret key', 'tr_prod_ tr_dev_ tr_pat_', 'w20-48']],
  '42': [['intra_secret', 'Intra client secret', 's-s4t2ud- s-s4t2af-', 'h64']],
  Adobe: [['adobe_secret', 'OAuth client secret', 'p8e-', 'w32']],
  '1Password': [
    ['one_password_token', 'service account token', 'ops_eyJ', 'c100-2000'],
    ['one_password_key', 'secret key', 'A3-', 'U6 - U6-11 - U5-6 - U5 - U5'],
  ],
});
