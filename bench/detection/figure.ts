/** One measured figure: `hits` of `of`. */
export interface Figure {
  readonly name: string;
  readonly hits: number;
  readonly of: number;
  /** What the design asks for, in percent; absent for figures that are only reported. */
  readonly floor?: number;
  readonly aim?: number;
  /** `most` for false positives: floor and aim are upper bounds. */
  readonly bound: 'least' | 'most';
}

/** What one group of detectors measured. */
export interface Group {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** A figure about how many of these texts a predicate holds for. */
export function count<T>(
  name: string,
  items: readonly T[],
  holds: (item: T) => boolean,
  target: { readonly floor?: number; readonly aim?: number; readonly bound: 'least' | 'most' },
): Figure {
  return { name, hits: items.filter(holds).length, of: items.length, ...target };
}

/** Percent with one decimal, never in the detector's favour: recall is cut, false positives are rounded up. */
function percent({ hits, of, bound }: Figure): string {
  const exact = of === 0 ? Number.NaN : (1000 * hits) / of;
  return ((bound === 'least' ? Math.floor(exact) : Math.ceil(exact)) / 10).toFixed(1);
}

/** `undefined` where the design asks for nothing. A figure over no rows fails. */
export function passes(figure: Figure, target = figure.floor): boolean | undefined {
  if (target === undefined) return undefined;
  if (figure.of === 0) return false;
  const exact = (100 * figure.hits) / figure.of;
  return figure.bound === 'least' ? exact >= target : exact <= target;
}

/** The group as a Markdown table. */
export function toMarkdown({ title, figures }: Group): string {
  const lines = figures.map((figure) => {
    const sign = figure.bound === 'least' ? '≥' : '≤';
    const targets = [figure.floor, figure.aim].map((bound) =>
      bound === undefined ? '' : `${sign} ${bound} %`,
    );
    const cells = [
      figure.name,
      ...targets,
      `${percent(figure)} %`,
      `${figure.hits} / ${figure.of}`,
      word(figure),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = '| | floor | aim | measured | rows | |\n|---|---|---|---|---|---|';
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}

function word(figure: Figure): string {
  const met = passes(figure);
  if (met === undefined) return '';
  if (!met) return '**missed**';
  return figure.aim !== undefined && passes(figure, figure.aim) ? 'aim met' : 'floor met';
}
