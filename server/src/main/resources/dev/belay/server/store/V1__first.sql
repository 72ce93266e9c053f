-- Runs on SQLite and PostgreSQL alike. An instance is one server; several may share a database.
-- Moments are seconds since 1970; text columns of counts hold JSON.

create table belay_hours (
  instance text not null,
  hour bigint not null,
  totals text not null,
  latencies text not null,
  details text not null,
  primary key (instance, hour)
);

create table belay_days (
  instance text not null,
  day bigint not null,
  totals text not null,
  latencies text not null,
  primary key (instance, day)
);

create table belay_open_breakers (
  instance text not null,
  id text not null,
  primary key (instance, id)
);

-- an empty url means that the proxy was removed
create table belay_pool_changes (
  instance text not null,
  id text not null,
  place bigint not null,
  url text not null,
  traits text not null,
  primary key (instance, id)
);

create table belay_policy (
  instance text not null primary key,
  policy text not null,
  configured text not null
);
