/** Spanish texts of the inbox, as a machine has translated them. */

import type { inbox as english } from "../english/inbox";

export const inbox: Record<keyof typeof english, string> = {
  chooseFace: "Elegir {name}",
  chooseGroup: "Elegir este grupo de {count} caras",
  groupsChosen: "Hay {count} grupos con {faces} caras elegidos; lo que haga vale para todos.",
  keyChoose: "Elegir el grupo o la cara",
  keyChooseNone: "No elegir ninguno",
  keyChooseOn: "Elegir al pasar",
  keyFaces: "A las caras; las flechas las recorren, con Mayús las eligen",
  keyMerge: "Una persona",
  keyNotThem: "No es esta persona",
  keySplit: "Separar",
  mergingGroups: "Uniendo {count} grupos en uno…",
  notThem: "{count} caras no son de {name}.",
  orderLargest: "Mayores",
  orderLikeliest: "Más probables",
  wereSplit: "{count} caras son ahora un grupo propio.",
};
