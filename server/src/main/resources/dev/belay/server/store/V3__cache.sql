-- Answers of models that stood, by a hash of all that was asked; all servers of a database share
-- them. Expires is milliseconds since 1970; the answer is JSON.

create table belay_llm_cache (
  hash text not null primary key,
  expires bigint not null,
  answer text not null
);

create index belay_llm_cache_expires on belay_llm_cache (expires);
