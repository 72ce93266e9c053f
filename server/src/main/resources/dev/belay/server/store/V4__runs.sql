-- Runs of plans. All servers of a database share them; whoever has a run's claim carries it out.
-- Moments are nanoseconds since 1970; states and classes are words in lower case.

-- said counts what was added to the run, and so says in which order it was; whoever writes anything
-- of a run holds on to its row
create table belay_runs (
  run text not null primary key,
  name text not null,
  state text not null,
  why text not null,
  directory text not null,
  started bigint not null,
  ended bigint,
  cost double precision not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  said bigint not null
);

create index belay_runs_started on belay_runs (started);
create index belay_runs_ended on belay_runs (state, ended);

-- apart, because it is long and never changes
create table belay_run_plans (
  run text not null primary key,
  plan text not null
);

create table belay_run_tasks (
  run text not null,
  task text not null,
  state text not null,
  why text not null,
  outcome text,
  attempts integer not null,
  step integer not null,
  round integer not null,
  until_time bigint,
  cost double precision not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  branch text not null,
  started bigint,
  ended bigint,
  primary key (run, task)
);

create table belay_run_attempts (
  run text not null,
  task text not null,
  number integer not null,
  step integer not null,
  round integer not null,
  backend text not null,
  account text not null,
  started bigint not null,
  ended bigint,
  outcome text,
  message text not null,
  cost double precision not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  session text not null,
  primary key (run, task, number)
);

create table belay_run_results (
  run text not null,
  task text not null,
  step integer not null,
  result text not null,
  primary key (run, task, step)
);

-- an empty session means that it is forgotten
create table belay_run_sessions (
  run text not null,
  task text not null,
  step integer not null,
  backend text not null,
  session text not null,
  primary key (run, task, step, backend)
);

create table belay_run_messages (
  run text not null,
  task text not null,
  place bigint not null,
  speaker text not null,
  message text not null,
  at bigint not null,
  primary key (run, task, place)
);

create table belay_run_questions (
  run text not null,
  task text not null,
  number integer not null,
  question text not null,
  asked bigint not null,
  answer text,
  answered_by text not null,
  primary key (run, task, number)
);

create table belay_run_requests (
  run text not null,
  place bigint not null,
  task text not null,
  primary key (run, place)
);

create table belay_run_claims (
  run text not null primary key,
  owner text not null,
  ends bigint not null
);

create table belay_cooldowns (
  account text not null primary key,
  ends bigint not null,
  reason text not null,
  source text not null
);
