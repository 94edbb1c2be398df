/** A row of the grid of people: plain elements of one height, which are drawn at every frame. */

import { PersonIcon } from "@primer/octicons-react";
import type { Subject } from "facet-client";
import { memo, useEffect, useState } from "react";

import { faceAddress } from "../../api/pictures";
import { useTexts } from "../../texts/language";
import style from "./grid.module.css";

export const ROW = 218;
export const GAP = 12;
const PICTURE = 140;
/** Milliseconds for which a row is in view before its pictures are asked for while it moves. */
const PASSING = 350;

interface Props {
  collection: string;
  people: Subject[];
  /** Place of the first of the row. */
  first: number;
  columns: number;
  top: number;
  /** The address of somebody's page, by their id. */
  address: (id: string) => string;
  /** Whether nothing moves. */
  still: boolean;
}

export const PeopleRow = memo(function PeopleRow(props: Props) {
  const { collection, people, first, columns, top, address, still } = props;
  const seen = useSeen(still);
  return (
    <div
      role="presentation"
      className={style["row"]}
      style={{
        height: ROW - GAP,
        gap: GAP,
        transform: `translateY(${String(top)}px)`,
        gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
      }}
    >
      {people.slice(first, first + columns).map((one) => (
        <PersonCard
          key={one.id}
          collection={collection}
          person={one}
          address={address(one.id)}
          seen={seen}
        />
      ))}
    </div>
  );
});

/** Whether the row stays: pictures of those who only fly past are not asked for. */
function useSeen(still: boolean): boolean {
  const [seen, setSeen] = useState(still);
  useEffect(() => {
    if (seen) return;
    const timer = setTimeout(
      () => {
        setSeen(true);
      },
      still ? 0 : PASSING,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [seen, still]);
  return seen;
}

interface CardProps {
  collection: string;
  person: Subject;
  address: string;
  seen: boolean;
}

const PersonCard = memo(function PersonCard({ collection, person, address, seen }: CardProps) {
  const t = useTexts();
  return (
    <div role="listitem" className={style["item"]}>
      <a href={address} data-subject={person.id} className={style["card"]}>
        <Portrait
          key={person.face_id}
          address={
            person.face_id != null && person.image_kept
              ? faceAddress(collection, person.face_id)
              : undefined
          }
          seen={seen}
        />
        <span className={style["name"]} title={person.name}>
          {person.name}
        </span>
        <span className={style["faces"]}>{t("facesOf", { count: person.faces })}</span>
      </a>
    </div>
  );
});

function Portrait({ address, seen }: { address: string | undefined; seen: boolean }) {
  const [missing, setMissing] = useState(false);
  if (address === undefined || missing) {
    return (
      <span className={style["nothing"]}>
        <PersonIcon size={36} aria-hidden />
      </span>
    );
  }
  if (!seen) return <span className={style["nothing"]} />;
  return (
    <img
      className={style["picture"]}
      src={address}
      alt=""
      decoding="async"
      width={PICTURE}
      height={PICTURE}
      onError={() => {
        setMissing(true);
      }}
    />
  );
}
