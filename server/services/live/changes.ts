/**
 * A counter of changes to accounts, client keys and settings. Pages that see it grow load those lists again,
 * so nobody polls and nobody shows what another face has changed meanwhile.
 */
export interface Changes {
  made(): void;
  readonly revision: number;
}

/** @param start a number that no earlier run of the server has reached, so that a restart counts as a change */
export function createChanges(start: number): Changes {
  let revision = start;
  return {
    made: () => {
      revision += 1;
    },
    get revision() {
      return revision;
    },
  };
}
