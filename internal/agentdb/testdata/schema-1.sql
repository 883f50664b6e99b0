BEGIN TRANSACTION;
CREATE TABLE gdfctl_agents (
  id TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, version TEXT NOT NULL, started_at INTEGER NOT NULL, last_seen INTEGER NOT NULL
);
CREATE TABLE gdfctl_meta (schema INTEGER NOT NULL, min_program INTEGER NOT NULL);
INSERT INTO "gdfctl_meta" VALUES(1,1);
CREATE TABLE gdfctl_pauses (
  workspace TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (workspace, name)
);
INSERT INTO "gdfctl_pauses" VALUES('s1','feeds','a test','ann',1795812429000);
CREATE TABLE gdfctl_results (
  run TEXT NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  applied INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, attempt)
);
INSERT INTO "gdfctl_results" VALUES('20261127T204709Z-e5e0053f',1,'done','6 feeds checked, 0 failing',1795812429877,1795812429898,0,0,0,0,0);
CREATE TABLE gdfctl_runs (
  id TEXT PRIMARY KEY, workspace TEXT NOT NULL, schedule TEXT NOT NULL, due INTEGER NOT NULL, cause TEXT NOT NULL, who TEXT NOT NULL,
  state TEXT NOT NULL, take INTEGER NOT NULL DEFAULT 1, slices INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL, began_at INTEGER NOT NULL DEFAULT 0, slice_at INTEGER NOT NULL DEFAULT 0, ended_at INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "gdfctl_runs" VALUES('20261127T204709Z-e5e0053f','s1','feeds',1795812429876,'by_hand','ann','done',1,1,1795812429876,1795812429877,1795812429877,1795812429899);
CREATE TABLE gdfctl_schedules (
  workspace TEXT NOT NULL, name TEXT NOT NULL, rule TEXT NOT NULL,
  next_due INTEGER NOT NULL, missed INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace, name)
);
INSERT INTO "gdfctl_schedules" VALUES('s1','feeds','every 1h',1795813312000,1,0,1795812429899,1);
CREATE TABLE river_job (
    id integer PRIMARY KEY AUTOINCREMENT,
    args blob NOT NULL DEFAULT (jsonb('{}')),
    attempt integer NOT NULL DEFAULT 0,
    attempted_at timestamp,
    attempted_by blob, -- json
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    errors blob, -- json
    finalized_at timestamp,
    kind text NOT NULL,
    max_attempts integer NOT NULL DEFAULT 25,
    metadata blob NOT NULL DEFAULT (jsonb('{}')),
    priority integer NOT NULL DEFAULT 1,
    queue text NOT NULL DEFAULT 'default',
    state text NOT NULL DEFAULT 'available',
    scheduled_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    tags blob NOT NULL DEFAULT (jsonb('[]')),
    unique_key blob,
    unique_states integer,
    CONSTRAINT finalized_or_finalized_at_null CHECK (
        (finalized_at IS NULL AND state NOT IN ('cancelled', 'completed', 'discarded')) OR
        (finalized_at IS NOT NULL AND state IN ('cancelled', 'completed', 'discarded'))
    ),
    CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
    CONSTRAINT queue_length CHECK (length(queue) > 0 AND length(queue) < 128),
    CONSTRAINT kind_length CHECK (length(kind) > 0 AND length(kind) < 128),
    CONSTRAINT state_valid CHECK (state IN ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled'))
);
CREATE TABLE river_leader (
    elected_at timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    leader_id text NOT NULL,
    name text PRIMARY KEY NOT NULL DEFAULT 'default' CHECK (name = 'default'),
    CONSTRAINT name_length CHECK (length(name) > 0 AND length(name) < 128),
    CONSTRAINT leader_id_length CHECK (length(leader_id) > 0 AND length(leader_id) < 128)
);
CREATE TABLE river_migration (
    line text NOT NULL,
    version integer NOT NULL,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT line_length CHECK (length(line) > 0 AND length(line) < 128),
    CONSTRAINT version_gte_1 CHECK (version >= 1),
    PRIMARY KEY (line, version)
);
INSERT INTO "river_migration" VALUES('main',1,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',2,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',3,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',4,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',5,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',6,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',7,'2026-11-27 20:47:09');
INSERT INTO "river_migration" VALUES('main',8,'2026-11-27 20:47:09');
CREATE TABLE river_notification (
    id integer PRIMARY KEY AUTOINCREMENT,
    created_at timestamp NOT NULL DEFAULT (datetime('now', 'subsec')),
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE TABLE river_queue (
    name text PRIMARY KEY NOT NULL,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    metadata blob NOT NULL DEFAULT (jsonb('{}')),
    paused_at timestamp,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO "river_queue" VALUES('default','2026-11-27 20:47:10.066',X'0C',NULL,'2026-11-27 20:47:10.066');
CREATE INDEX river_notification_created_at_idx ON river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river_notification (topic, id);
CREATE INDEX river_job_kind ON river_job (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river_job (state, queue, priority, scheduled_at, id);
CREATE UNIQUE INDEX river_job_unique_idx ON river_job (unique_key)
    WHERE unique_key IS NOT NULL
        AND unique_states IS NOT NULL
        AND CASE state
            WHEN 'available' THEN unique_states & (1 << 0)
            WHEN 'cancelled' THEN unique_states & (1 << 1)
            WHEN 'completed' THEN unique_states & (1 << 2)
            WHEN 'discarded' THEN unique_states & (1 << 3)
            WHEN 'pending'   THEN unique_states & (1 << 4)
            WHEN 'retryable' THEN unique_states & (1 << 5)
            WHEN 'running'   THEN unique_states & (1 << 6)
            WHEN 'scheduled' THEN unique_states & (1 << 7)
            ELSE 0
        END >= 1;
CREATE INDEX gdfctl_runs_of_schedule ON gdfctl_runs (workspace, schedule, queued_at);
COMMIT;
