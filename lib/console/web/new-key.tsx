import type { MeView, NewKeyView } from '../views.ts';
import type { Api } from './api.ts';
import { DifyValues } from './dify-values.tsx';
import { Visible } from './visible.tsx';

interface Props {
  api: Api;
  me: MeView;
  made: NewKeyView;
  onClose: () => void;
}

/** The only time a key is seen. */
export function NewKey({ api, me, made, onClose }: Props) {
  return (
    <section class="card first" aria-labelledby="new-key">
      <h3 id="new-key">
        The key <Visible text={made.name} /> of <Visible text={made.app_id} />
      </h3>
      <p>Copy it now: it is kept as a hash and cannot be shown again. For Dify:</p>
      <DifyValues api={api} me={me} made={made} />
      <button type="button" onClick={onClose}>
        I have copied it
      </button>
    </section>
  );
}
