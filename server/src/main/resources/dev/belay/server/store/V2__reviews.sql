-- Calls that wait for a person, or did. All servers of a database share them: whoever parked one,
-- anybody may decide. Moments are nanoseconds since 1970; the text of an item is JSON, and a tenant
-- is written as it would stand in JSON.

-- ends is when it was settled, or when the time to do so is over
create table belay_reviews (
  ticket text not null primary key,
  place text not null,
  tenant text not null,
  state text not null,
  created bigint not null,
  ends bigint not null,
  item text not null
);

create index belay_reviews_place on belay_reviews (place);
-- with all that is counted, so that counting reads no item
create index belay_reviews_state on belay_reviews (state, ends, created);
create index belay_reviews_ends on belay_reviews (ends);

-- one row, which whoever parks holds on to, so that no two of them count at the same time
create table belay_reviews_turn (
  parked bigint not null
);

insert into belay_reviews_turn (parked) values (0);
