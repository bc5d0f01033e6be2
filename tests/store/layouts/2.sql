BEGIN TRANSACTION;
CREATE TABLE action_items (
	incident_id VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	document JSON NOT NULL, 
	PRIMARY KEY (incident_id, id), 
	FOREIGN KEY(incident_id) REFERENCES incidents (id)
);
INSERT INTO "action_items" VALUES('2026-09-14-1403-spiceshare','2026-09-14-1403-spiceshare-A1','open','{"id":"2026-09-14-1403-spiceshare-A1","incident_id":"2026-09-14-1403-spiceshare","text":"Add `CREATE INDEX reviews_recipe_id_created_at_idx ON public.reviews (recipe_id, created_at DESC)` to the schema migrations, so that the next deployment keeps it.","kind":"prevent","state":"open","owner":null,"due":null,"reason":null}');
INSERT INTO "action_items" VALUES('2026-09-14-1403-spiceshare','2026-09-14-1403-spiceshare-A2','open','{"id":"2026-09-14-1403-spiceshare-A2","incident_id":"2026-09-14-1403-spiceshare","text":"Alert when index `reviews_recipe_id_created_at_idx` is absent from `pg_index` or not valid.","kind":"detect","state":"open","owner":null,"due":null,"reason":null}');
CREATE TABLE documents (
	path VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	facts JSON NOT NULL, 
	imported_at DATETIME NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	PRIMARY KEY (path)
);
INSERT INTO "documents" VALUES('/srv/postmortems/checkout.md','Checkout was down','# Checkout was down

The connection pool was empty.
','{"title":"Checkout was down","services":["checkout"],"cause_category":"connection-pool-exhaustion"}','2026-09-14 15:00:00.000000','0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE incidents (
	id VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	onset_at DATETIME NOT NULL, 
	recovered_at DATETIME, 
	cause VARCHAR, 
	document JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "incidents" VALUES('2026-09-14-1403-spiceshare','spiceshare','2026-09-14 14:03:25.000000','2026-09-14 14:03:46.000000','missing-index','{"id":"2026-09-14-1403-spiceshare","target":"spiceshare","title":"Slow responses: statement on reviews lost its index","signals":[{"id":"slow-responses","onset_at":"2026-09-14T14:03:25Z","value":3333.0,"baseline":20.0,"unit":"ms","statement":"p95 of response times: 3.3 s, was 14 ms"},{"id":"failed-requests","onset_at":"2026-09-14T14:03:26Z","value":7.0,"baseline":0.0,"unit":"answers/s","statement":"Failed answers per second: 7, was 0"}],"diagnosis":{"chain":[{"kind":"trigger","id":"index-dropped","statement":"The index reviews_recipe_id_created_at_idx was dropped by 14:03:27 UTC.","evidence":[{"statement":"reviews_recipe_id_created_at_idx was in the catalog at 14:02:55 and was not there at 14:03:27.","value":"absent","baseline":"present","unit":"","pointer":{"source":"catalog","from_at":"2026-09-14T14:03:25Z","to_at":"2026-09-14T14:03:29Z","key":null},"supports":true}]},{"kind":"cause","id":"missing-index","statement":"The statement lost the index reviews_recipe_id_created_at_idx and reads all of reviews on every call.","evidence":[{"statement":"a02697108ebc941b touched 13,500 blocks per call, 13 before.","value":13500,"baseline":13,"unit":"blocks/call","pointer":{"source":"statements","from_at":"2026-09-14T14:03:25Z","to_at":"2026-09-14T14:03:29Z","key":"a02697108ebc941b"},"supports":true},{"statement":"It still returned 5 rows per call.","value":5,"baseline":5,"unit":"rows/call","pointer":{"source":"statements","from_at":"2026-09-14T14:03:25Z","to_at":"2026-09-14T14:03:29Z","key":"a02697108ebc941b"},"supports":true},{"statement":"12 sequential scans of reviews a second, none before.","value":12,"baseline":0,"unit":"scans/s","pointer":{"source":"tables","from_at":"2026-09-14T14:03:25Z","to_at":"2026-09-14T14:03:29Z","key":null},"supports":true}]}],"cause":"missing-index","confidence":0.97,"abstained":false,"culprit":{"query":"select id, author, stars, body from reviews where recipe_id = ? order by created_at desc limit ?","fingerprint":"a02697108ebc941b","relations":["reviews"],"release":"v41","sessions":[4200,4201,4202,4203,4204,4205,4206,4207,4208,4209,4210,4211]},"ruled_out":[{"id":"release","statement":"A recent release is ruled out: no release came in the 30 s watched before the onset: v41 ran before and ran on.","evidence":[{"statement":"No release came in the 30 s watched before the onset: v41 ran before and ran on.","value":"v41","baseline":"v41","unit":"","pointer":{"source":"releases","from_at":"2026-09-14T14:03:25Z","to_at":"2026-09-14T14:03:29Z","key":null},"supports":false}]}],"open_leads":[],"gaps":[],"onset_at":"2026-09-14T14:03:25Z","detected_at":"2026-09-14T14:03:27Z","diagnosed_at":"2026-09-14T14:03:29Z"},"remedy":{"kind":"create-index","statement":"Create the index on reviews (recipe_id, created_at DESC) again, without blocking writes.","sql":"CREATE INDEX CONCURRENTLY reviews_recipe_id_created_at_idx ON public.reviews (recipe_id, created_at DESC)","undo":"DROP INDEX CONCURRENTLY public.reviews_recipe_id_created_at_idx","proof":{"before":{"cost":19897.4,"node":"Seq Scan on reviews","plan":"Limit\n  ->  Sort\n        ->  Seq Scan on reviews"},"after":{"cost":13.57,"node":"Index Scan using reviews_recipe_id_created_at_idx on reviews","plan":"Limit\n  ->  Index Scan using reviews_recipe_id_created_at_idx on reviews"},"where":"twin"},"unproven":null,"applied_at":"2026-09-14T14:03:32Z","finished_at":"2026-09-14T14:03:41Z","failed":null},"impact":{"requests":1683,"failed":126,"slow":925,"affected_percent":62.44800950683304,"p95_before_ms":13.75,"p95_worst_ms":3333.3333333333335},"timeline":[],"mitigated_at":"2026-09-14T14:03:41Z","recovered_at":"2026-09-14T14:03:46Z"}');
CREATE TABLE postmortems (
	incident_id VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	written_at DATETIME NOT NULL, 
	markdown TEXT NOT NULL, 
	PRIMARY KEY (incident_id, version), 
	FOREIGN KEY(incident_id) REFERENCES incidents (id)
);
INSERT INTO "postmortems" VALUES('2026-09-14-1403-spiceshare',1,'2026-09-14 15:00:00.000000','# Reviews were slow

First.');
INSERT INTO "postmortems" VALUES('2026-09-14-1403-spiceshare',2,'2026-09-14 15:00:00.000000','# Reviews were slow

Second.');
CREATE TABLE releases (
	target VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	release VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	PRIMARY KEY (target, at, release, source)
);
INSERT INTO "releases" VALUES('spiceshare','2026-09-14 15:00:00.000000','v41','announced');
CREATE TABLE schema_version (
	version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(2);
CREATE TABLE timeline_entries (
	id INTEGER NOT NULL, 
	incident_id VARCHAR NOT NULL, 
	happened_at DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	kind VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (incident_id, happened_at, recorded_at, kind, text), 
	FOREIGN KEY(incident_id) REFERENCES incidents (id)
);
INSERT INTO "timeline_entries" VALUES(1,'2026-09-14-1403-spiceshare','2026-09-14 14:03:25.000000','2026-09-14 14:03:27.000000','onset','Response times left their baseline.');
INSERT INTO "timeline_entries" VALUES(2,'2026-09-14-1403-spiceshare','2026-09-14 14:03:27.000000','2026-09-14 14:03:27.200000','detected','failonce opened the incident: p95 was 3.3 s, 14 ms before.');
INSERT INTO "timeline_entries" VALUES(3,'2026-09-14-1403-spiceshare','2026-09-14 14:03:27.000000','2026-09-14 14:03:27.200000','signal','7 answers a second failed; before, none.');
INSERT INTO "timeline_entries" VALUES(4,'2026-09-14-1403-spiceshare','2026-09-14 14:03:29.000000','2026-09-14 14:03:29.200000','ruled out','A recent release is ruled out: no release came in the 30 s watched before the onset: v41 ran before and ran on.');
CREATE INDEX incidents_by_target ON incidents (target, onset_at);
CREATE INDEX ix_documents_content_hash ON documents (content_hash);
CREATE INDEX ix_action_items_state ON action_items (state);
COMMIT;
