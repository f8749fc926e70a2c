/**
 * Things to do at the end of this turn of the event loop if they are still needed then. Nearly every call is past
 * that point when the turn ends, so one immediate for all of them costs less than a timer for each.
 */
export interface Turn {
  atEnd(waiting: Waiting): void;
}

export interface Waiting {
  turnEnded(): void;
}

export function createTurn(): Turn {
  let waiting: Waiting[] = [];
  const end = (): void => {
    const all = waiting;
    waiting = [];
    for (const one of all) one.turnEnded();
  };
  return {
    atEnd: (one) => {
      if (waiting.push(one) === 1) setImmediate(end);
    },
  };
}
