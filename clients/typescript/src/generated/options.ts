// Made by `python -m deploy.clients.typescript`; changed there, never here.

import type { Picture } from "../requests.ts";

/** What `audit.list` is asked with. */
export interface AuditListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
  key?: string | null;
  action?: string | null;
  outcome?: string | null;
  collection?: string | null;
  subject?: string | null;
  request_id?: string | null;
  /** The first instant, inclusive. */
  since?: string | null;
  /** The last instant, exclusive. */
  until?: string | null;
}

/** What `calibration.accept` is asked with. */
export interface CalibrationAcceptOptions {
  /** Of the proposed one that was seen. */
  calibration_id: string;
}

/** What `collections.list` is asked with. */
export interface CollectionsListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `collections.create` is asked with. */
export interface CollectionsCreateOptions {
  name: string;
  /** Model key; the default encoder when left out. */
  encoder?: string | null;
  /** Keep a picture of every enrolled face. */
  keep_images?: boolean;
  /** Free JSON object, up to 16384 bytes and 16 levels, whole numbers within ±2^53; texts are kept in NFC. */
  metadata?: Record<string, unknown>;
  /** Bounds of what callers may ask for; whatever is left out stays, null takes one away. */
  policy?: { max_fpir?: number | null; max_fmr?: number | null; own_thresholds?: boolean; min_quality?: number | null; review_mode?: "off" | "warn" | "strict"; require_consent?: boolean; keep_days?: number | null; max_subjects?: number | null; max_faces?: number | null; max_bytes?: number | null; remember?: "nothing" | "unknown" | "all"; remember_days?: number; remember_per_day?: number; remember_quality?: number };
  /** Whether names, external ids, metadata and whatever else names its subjects is stored sealed, and found by exact values alone. It is settled for good. */
  sealed?: boolean;
}

/** What `collections.update` is asked with. */
export interface CollectionsUpdateOptions {
  name?: string;
  keep_images?: boolean;
  /** Free JSON object, up to 16384 bytes and 16 levels, whole numbers within ±2^53; texts are kept in NFC. */
  metadata?: Record<string, unknown>;
  /** Bounds of what callers may ask for; whatever is left out stays, null takes one away. */
  policy?: { max_fpir?: number | null; max_fmr?: number | null; own_thresholds?: boolean; min_quality?: number | null; review_mode?: "off" | "warn" | "strict"; require_consent?: boolean; keep_days?: number | null; max_subjects?: number | null; max_faces?: number | null; max_bytes?: number | null; remember?: "nothing" | "unknown" | "all"; remember_days?: number; remember_per_day?: number; remember_quality?: number };
  /** As it is: it cannot be changed. */
  sealed?: boolean;
}

/** What `collections.erase` is asked with. */
export interface CollectionsEraseOptions {
  /** Only tell what would be erased. */
  dry_run?: boolean;
}

/** What `collections.forecastReencoding` is asked with. */
export interface CollectionsForecastReencodingOptions {
  /** Model key of the new encoder. */
  encoder: string;
}

/** What `collections.reencode` is asked with. */
export interface CollectionsReencodeOptions {
  /** Model key. */
  encoder: string;
  /** Erase faces that cannot be encoded anew, instead of failing. */
  erase_left_out?: boolean;
}

/** What `events.events` is asked with. */
export interface EventsEventsOptions {
  /** Seconds to follow; 0 tells what there is, and ends. */
  wait?: number;
  /** Only those of this collection. */
  collection?: string | null;
  /** Only those of these kinds. */
  kind?: ("sighted" | "recognized" | "enrolled" | "erased" | "group-named" | "health-changed")[];
}

/** What `events.add` is asked with. */
export interface EventsAddOptions {
  /** Of http or https. */
  url: string;
  /** Every kind if none is given. */
  kinds?: ("sighted" | "recognized" | "enrolled" | "erased" | "group-named" | "health-changed")[];
  /** Only events of this collection. */
  collection?: string | null;
}

/** What `events.dead` is asked with. */
export interface EventsDeadOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `faces.enroll` is asked with. */
export interface FacesEnrollOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** Which face of an image is meant. */
  face?: "dominant" | "only" | "largest";
  /** Overrides the service's quality gate. */
  min_quality?: number | null;
  /** What to do when the face resembles another subject. */
  duplicates?: "warn" | "reject" | "ignore";
  /** Refuse with encoder-mismatch unless the collection is bound to this one. */
  encoder?: string | null;
  images: P[];
  /** Store a picture once more that the subject has already. */
  allow_repeats?: boolean;
}

/** What `faces.list` is asked with. */
export interface FacesListOptions {
  /** Only this one's. */
  subject?: string | null;
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `faces.erase` is asked with. */
export interface FacesEraseOptions {
  /** Only tell what would be erased. */
  dry_run?: boolean;
}

/** What `groups.list` is asked with. */
export interface GroupsListOptions {
  /** `next_cursor` of the page before. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
  /** Those that are ignored, instead. */
  ignored?: boolean;
}

/** What `groups.split` is asked with. */
export interface GroupsSplitOptions {
  /** Some of the group's, not all. */
  sighting_ids: number[];
}

/** What `groups.merge` is asked with. */
export interface GroupsMergeOptions {
  /** Its faces join this one, and it ends. */
  group_id: string;
}

/** What `groups.ignore` is asked with. */
export interface GroupsIgnoreOptions {
  ignored?: boolean;
}

/** What `groups.assign` is asked with. */
export interface GroupsAssignOptions {
  /** Who is on the pictures. */
  subject_id?: string | null;
  /** The name of a subject to make, instead of `subject_id`. */
  new_subject?: string | null;
}

/** What `health.check` is asked with. */
export interface HealthCheckOptions {
  /** Findings of a kind that are listed. */
  limit?: number;
}

/** What `health.order` is asked with. */
export interface HealthOrderOptions {
  /** Findings of a kind to list. */
  limit?: number;
}

/** What `jobs.list` is asked with. */
export interface JobsListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
  state?: "queued" | "running" | "succeeded" | "failed" | "cancelled" | null;
  kind?: string | null;
}

/** What `keys.list` is asked with. */
export interface KeysListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `keys.create` is asked with. */
export interface KeysCreateOptions {
  /** Until it expires. */
  days?: number;
  /** It never expires. */
  no_expiry?: boolean;
  /** What it is for. */
  name: string;
  scopes?: string[] | null;
  /** Name of the one to bind it to. */
  collection?: string | null;
  /** Clients that send it: native, compreface, rekognition. Without `scopes` it has those that its clients usually need. */
  form?: string;
}

/** What `keys.revoke` is asked with. */
export interface KeysRevokeOptions {
  /** Only tell what would be revoked. */
  dry_run?: boolean;
  /** Be it the last that may administer. */
  force?: boolean;
}

/** What `keys.rotate` is asked with. */
export interface KeysRotateOptions {
  /** Until it expires. */
  days?: number;
  /** It never expires. */
  no_expiry?: boolean;
  /** In which the secret before is taken, too, unless it would have expired. */
  overlap_hours?: number;
}

/** What `keys.limit` is asked with. */
export interface KeysLimitOptions {
  /** Requests. */
  requests_per_second?: number | null;
  /** Pictures and recordings, however many requests bring them. */
  pictures_per_second?: number | null;
  /** Requests at work on the networks at once, in each process; others of the key wait. */
  workers?: number | null;
  /** Events followed at once, in each process. */
  streams?: number | null;
  /** Jobs waiting and running. */
  jobs?: number | null;
}

/** What `models.pull` is asked with. */
export interface ModelsPullOptions {
  /** Needed where a licence restricts the use; see the model's `terms`. */
  accept_licence?: boolean;
}

/** What `negatives.list` is asked with. */
export interface NegativesListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `negatives.deny` is asked with. */
export interface NegativesDenyOptions {
  /** Enrolled faces of others. */
  face_ids?: number[];
  /** Faces that were seen. */
  sighting_ids?: number[];
}

/** What `operations.moveFaces` is asked with. */
export interface OperationsMoveFacesOptions {
  /** Of any subjects of the collection. */
  face_ids: number[];
  /** Who is given the faces. */
  subject_id?: string | null;
  /** The name of a subject to make for them, instead of `subject_id`. */
  new_subject?: string | null;
}

/** What `operations.list` is asked with. */
export interface OperationsListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `receipts.list` is asked with. */
export interface ReceiptsListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `verify` is asked with. */
export interface VerifyOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** False-match rate to decide at, in (0, 1); default 0.001. */
  fmr?: number | null;
  /** Cosine in [-1, 1], instead of a rate. */
  similarity_threshold?: number | null;
  /** Which face of an image is meant. */
  face?: "dominant" | "only" | "largest";
  /** Base64, RFC 4648. */
  reference: P;
  /** Base64, RFC 4648. */
  probe: P;
  /** Model key; or the default. */
  encoder?: string | null;
}

/** What `verifyClaim` is asked with. */
export interface VerifyClaimOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** False-match rate to decide at, in (0, 1); default 0.001. */
  fmr?: number | null;
  /** Cosine in [-1, 1], instead of a rate. */
  similarity_threshold?: number | null;
  /** Which face of an image is meant. */
  face?: "dominant" | "only" | "largest";
  /** Base64, RFC 4648. */
  image: P;
  /** Refuse with encoder-mismatch unless the collection is bound to this one. */
  encoder?: string | null;
}

/** What `recognize` is asked with. */
export interface RecognizeOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** False-positive identification rate, in (0, 1); default 0.01. */
  fpir?: number | null;
  /** Cosine in [-1, 1], instead of a rate. */
  similarity_threshold?: number | null;
  /** Ranked subjects to name per face. */
  candidates?: number;
  /** Never give one subject to two faces of the image. */
  unique?: boolean;
  /** Ids of the only subjects to look for; all of the collection if none is given. */
  subjects?: string[];
  /** Look only for subjects whose metadata have all of these keys with exactly these values; in a form as JSON. */
  where?: Record<string, string | number | boolean | null>;
  /** Label of the place where the picture was taken, for collections that remember what they see; the header X-Facet-Source gives it, too. */
  source?: string;
  /** Refuse with encoder-mismatch unless the collection is bound to this one. */
  encoder?: string | null;
  /** Base64, RFC 4648. */
  image: P;
}

/** What `detect` is asked with. */
export interface DetectOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** Base64, RFC 4648. */
  image: P;
}

/** What `embed` is asked with. */
export interface EmbedOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** Base64, RFC 4648. */
  image: P;
  /** Model key; or the default. */
  encoder?: string | null;
}

/** What `representative.choose` is asked with. */
export interface RepresentativeChooseOptions {
  /** One of the subject's; null for the best. */
  face_id: number | null;
}

/** What `review.list` is asked with. */
export interface ReviewListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `review.accept` is asked with. */
export interface ReviewAcceptOptions {
  /** A subject that there is. */
  subject_id?: string | null;
  /** Name of a new one. */
  new_subject?: string | null;
}

/** What `rights.changeRights` is asked with. */
export interface RightsChangeRightsOptions {
  /** A new record; null withdraws the one that there is. */
  consent?: { basis: "consent" | "contract" | "legal-obligation" | "vital-interests" | "public-task" | "legitimate-interests"; reference: string; given_at?: string | null; expires_at?: string | null } | null;
  /** Keep the subject, and use it for nothing. */
  restricted?: boolean;
  /** The subject is erased then; null: never by itself. */
  keep_until?: string | null;
  /** Days from now, instead of `keep_until`. */
  keep_days?: number | null;
}

/** What `rights.orderRetention` is asked with. */
export interface RightsOrderRetentionOptions {
  /** Subjects to erase at most; null: all. */
  limit?: number | null;
}

/** What `sequences.recognize` is asked with. */
export interface SequencesRecognizeOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Of each frame, largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** False-positive identification rate, in (0, 1); default 0.01. */
  fpir?: number | null;
  /** Cosine in [-1, 1], instead of a rate. */
  similarity_threshold?: number | null;
  /** Ranked subjects to name per face. */
  candidates?: number;
  /** Never give one subject to two faces of the image. */
  unique?: boolean;
  /** Ids of the only subjects to look for; all of the collection if none is given. */
  subjects?: string[];
  /** Look only for subjects whose metadata have all of these keys with exactly these values; in a form as JSON. */
  where?: Record<string, string | number | boolean | null>;
  /** Label of the place where the picture was taken, for collections that remember what they see; the header X-Facet-Source gives it, too. */
  source?: string;
  /** Refuse with encoder-mismatch unless the collection is bound to this one. */
  encoder?: string | null;
  images?: P[];
  video?: P | null;
  /** Frames of a video to look at, evenly over its length. */
  max_frames?: number;
  /** Of these per second, at most. */
  rate?: number;
  /** Tracks seen in fewer are left out. */
  min_frames?: number;
}

/** What `sequences.enroll` is asked with. */
export interface SequencesEnrollOptions<P = Picture> {
  /** Smallest face to search for, in pixels. */
  min_face?: number | null;
  /** Of each frame, largest ones first. */
  max_faces?: number;
  /** The detector's threshold. */
  min_probability?: number;
  /** Try the image turned by 90, 180, 270 degrees when nothing is found. */
  rotations?: boolean;
  /** Which face of an image is meant. */
  face?: "dominant" | "only" | "largest";
  /** Overrides the service's quality gate. */
  min_quality?: number | null;
  /** What to do when the face resembles another subject. */
  duplicates?: "warn" | "reject" | "ignore";
  /** Refuse with encoder-mismatch unless the collection is bound to this one. */
  encoder?: string | null;
  images?: P[];
  video?: P | null;
  /** Frames of a video to look at, evenly over its length. */
  max_frames?: number;
  /** Of these per second, at most. */
  rate?: number;
  /** Tracks seen in fewer are left out. */
  min_frames?: number;
  /** The subject's id. */
  subject: string;
  /** Frames to enrol, at most. */
  best_frames?: number;
}

/** What `sequences.readDate` is asked with. */
export interface SequencesReadDateOptions {
  /** Up to 1000 characters. */
  text: string;
  /** Such as `de` or `pt-BR`. It decides what 03/04/2005 means; without one, the most usual order does. */
  locale?: string | null;
  /** 1 decodes greedily. */
  beam_width?: number;
  /** Scores are log-probabilities over T to this power. */
  length_penalty?: number;
}

/** What `sightings.list` is asked with. */
export interface SightingsListOptions {
  /** `next_cursor` of the page before. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
  /** The first instant, inclusive. */
  since?: string | null;
  /** The last instant, exclusive. */
  until?: string | null;
  /** Label of the source. */
  source?: string | null;
  /** How it was decided. */
  decision?: "known" | "unknown" | null;
  /** Id of a group. */
  group?: string | null;
  /** Id of whoever was found, or is nearest. */
  subject?: string | null;
  /** Only those without a name in no group. */
  alone?: boolean;
  /** Of quality, inclusive. */
  min_quality?: number | null;
  /** Of quality, inclusive. */
  max_quality?: number | null;
}

/** What `sightings.eraseSightings` is asked with. */
export interface SightingsEraseSightingsOptions {
  /** Only tell what would be erased. */
  dry_run?: boolean;
  /** The first instant, inclusive. */
  since?: string | null;
  /** The last instant, exclusive. */
  until?: string | null;
  /** Label of the source. */
  source?: string | null;
  /** How it was decided. */
  decision?: "known" | "unknown" | null;
  /** Id of a group. */
  group?: string | null;
  /** Id of whoever was found, or is nearest. */
  subject?: string | null;
  /** Only those without a name in no group. */
  alone?: boolean;
  /** Of quality, inclusive. */
  min_quality?: number | null;
  /** Of quality, inclusive. */
  max_quality?: number | null;
}

/** What `sightings.eraseSighting` is asked with. */
export interface SightingsEraseSightingOptions {
  /** Only tell what would be erased. */
  dry_run?: boolean;
}

/** What `styles.transfer` is asked with. */
export interface StylesTransferOptions<P = Picture> {
  /** Base64, RFC 4648. */
  content: P;
  /** A picture in the manner; or `style_name`. */
  style?: P | null;
  /** A stored style, instead of `style`. */
  style_name?: string | null;
  /** Longer side of the result in pixels. */
  size?: number;
  /** Iterations at each size on the way. */
  steps?: number;
  /** Weight of the content; the model's own if left out. */
  alpha?: number | null;
  /** Weight of the style; the model's own if left out. */
  beta?: number | null;
  /** Keep the content's colours. */
  preserve_colour?: boolean;
  /** Leave faces as they are. */
  keep_faces?: boolean;
  /** Style faces and nothing else. */
  faces_only?: boolean;
  /** The same seed, the same picture. */
  seed?: number;
  /** Model key; or the default. */
  model?: string | null;
  /** Of the result. */
  format?: "png" | "jpeg";
}

/** What `styles.list` is asked with. */
export interface StylesListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
}

/** What `styles.create` is asked with. */
export interface StylesCreateOptions<P = Picture> {
  name: string;
  /** Base64, RFC 4648. */
  image: P;
}

/** What `subjects.list` is asked with. */
export interface SubjectsListOptions {
  /** Where to begin: the `next_cursor` of a page. */
  cursor?: string | null;
  /** Items per page. */
  limit?: number;
  /** By their making. */
  order?: "oldest" | "newest";
  /** The whole name. */
  name?: string | null;
  external_id?: string | null;
  name_prefix?: string | null;
  /** Metadata that they have, with exactly these values, as a JSON object. */
  where?: string | null;
  /** Faces that they have at least. */
  min_faces?: number | null;
  /** At most; 0: who has none. */
  max_faces?: number | null;
  /** Whether they are restricted. */
  restricted?: boolean | null;
  /** The basis they are kept on: none is recorded, it holds, it has ended. */
  consent?: "none" | "valid" | "ended" | null;
  /** When made, inclusive. */
  since?: string | null;
  /** When made, exclusive. */
  until?: string | null;
}

/** What `subjects.create` is asked with. */
export interface SubjectsCreateOptions {
  /** 1 to 200 characters, kept in NFC and without spaces at the ends; no control or invisible ones. */
  name: string;
  /** Your own id, unique if given. */
  external_id?: string | null;
  /** Free JSON object, up to 16384 bytes and 16 levels, whole numbers within ±2^53; texts are kept in NFC. `birth_date` may be a text in any of many languages, or an object of `text` and `locale`; it is stored as an ISO 8601 date. */
  metadata?: Record<string, unknown>;
}

/** What `subjects.update` is asked with. */
export interface SubjectsUpdateOptions {
  /** 1 to 200 characters, kept in NFC and without spaces at the ends; no control or invisible ones. */
  name?: string;
  external_id?: string | null;
  /** Free JSON object, up to 16384 bytes and 16 levels, whole numbers within ±2^53; texts are kept in NFC. `birth_date` may be a text in any of many languages, or an object of `text` and `locale`; it is stored as an ISO 8601 date. */
  metadata?: Record<string, unknown>;
}

/** What `subjects.erase` is asked with. */
export interface SubjectsEraseOptions {
  /** Only tell what would be erased. */
  dry_run?: boolean;
}

/** What `subjects.merge` is asked with. */
export interface SubjectsMergeOptions {
  /** Its faces move here, and it is removed. */
  subject_id: string;
}
