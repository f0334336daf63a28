import type { CommandResponse } from '../../envelope/envelope.js'

/** Bounds per owner, so that no owner can fill the memory or evict the records of another. */
export interface RecordBounds {
  /** Running records; a claim beyond it is refused as `full`. */
  running: number
  /** Finished records; beyond it the oldest are evicted. Lost records count too. */
  finished: number
  /** Responses of the finished records, in bytes of JSON. The newest response is kept whatever its size. */
  bytes: number
}

/** How a kind of records is kept. Times are in milliseconds. */
export interface RecordOptions {
  /** The kind, as it appears in Redis keys and in the log. */
  kind: string
  bounds: RecordBounds
  /** How long a record is kept after it was finished, or after its last heartbeat. */
  keepMs: number
  /**
   * How long no claim is granted by a Redis that is new, is back or was flushed: long enough for every replica to
   * reconnect and to write the records that it runs. 0 where keys are random, so that nobody can claim the same key.
   */
  quietMs: number
}

/**
 * A record of a command that runs: its process holds a lease on it until it stores the response. A record whose lease
 * runs out is lost: its process is gone, and what it did is unknown.
 */
export interface LeasedRecord<Data> {
  /** The name of the API key, empty where none is required. */
  readonly owner: string
  /** Unique among the records of its owner. */
  readonly key: string
  /** Random id of the run that claims the record. */
  readonly holder: string
  /** Digest of the request: a claim with another fingerprint is a mismatch. */
  readonly fingerprint: string
  /** JSON data, stored with the record. */
  data: Data
  /** Called once when the record is cancelled, at whatever replica, unless it was finished before. */
  readonly onCancel?: () => void
}

/** The result of claiming a key. */
export type Claim<Data> =
  /**
   * The claiming run holds the key. `isRepeat`: the record of an earlier run was lost, so that its work may have been
   * done.
   */
  | { state: 'claimed'; isRepeat: boolean }
  /** Another run holds the key. Its data is unknown while this process itself is claiming the key for another run. */
  | { state: 'running'; data: Data | undefined }
  | { state: 'finished'; data: Data; response: CommandResponse }
  /** The record belongs to a request with another fingerprint. */
  | { state: 'mismatch' }
  /** The owner has as many running records as its bound allows. */
  | { state: 'full' }

/** A record as every replica finds it. */
export interface FoundRecord<Data> {
  data: Data
  /** The response, once it is finished. */
  response: CommandResponse | undefined
  /** Whether cancellation was requested. */
  cancelled: boolean
  /** Whether its process is gone: there will be no response. */
  lost: boolean
}

/**
 * Records of running and finished commands, each with an owner, a lease, bounds and an expiry.
 *
 * Every method but `holds` and `close` may reject when the store is unavailable.
 */
export interface RecordStore<Data> {
  /**
   * Claims a key, unless there is a record of it that is running or finished.
   *
   * @param signal aborts the wait; a claim that is granted later is given back
   */
  claim(record: LeasedRecord<Data>, signal?: AbortSignal): Promise<Claim<Data>>
  find(owner: string, key: string): Promise<FoundRecord<Data> | undefined>
  /** Stores `data` of a running record. */
  update(record: LeasedRecord<Data>): Promise<void>
  /** Stores the response and ends the lease. After a rejection the store keeps trying. */
  finish(record: LeasedRecord<Data>, response: CommandResponse): Promise<void>
  /**
   * Removes a record that has no response.
   *
   * @param mayBeDone keeps it as a lost one: the next claim is a repeat
   */
  release(record: LeasedRecord<Data>, mayBeDone: boolean): Promise<void>
  /** Requests the cancellation of a running record from the replica that holds it. */
  cancel(owner: string, key: string): Promise<void>
  /** Whether the run holds its key, for certain and for long enough to make one more write. */
  holds(record: LeasedRecord<Data>): boolean
  /** Stops the heartbeat, after a last one. */
  close(): Promise<void>
}
