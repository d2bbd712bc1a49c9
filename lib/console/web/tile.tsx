interface Props {
  name: string;
  value: string;
  hint: string;
  href?: string;
}

/** One figure with what it means; it leads to where it comes from. */
export function Tile({ name, value, hint, href }: Props) {
  return (
    <li class="card tile">
      {href ? <a href={href}>{name}</a> : <span>{name}</span>}
      <strong>{value}</strong>
      <small>{hint}</small>
    </li>
  );
}
