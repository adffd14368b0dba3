/** How the sending on of a journal goes. */
export interface ForwardState {
  readonly url: string;
  /** Requests that were accepted, since the start. */
  readonly sent: number;
  /** Requests that the destination will never accept, or only in part. */
  readonly refused: number;
  /** Bytes of the journal that are not sent yet. */
  readonly behindBytes: number;
  /** Why the last request was not accepted; undefined if it was. Text from outside. */
  readonly fault?: string | undefined;
}
