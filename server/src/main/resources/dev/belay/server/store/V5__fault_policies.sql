-- Faults in force. Moments are nanoseconds since 1970 and absolute, so that a restart prolongs no
-- fault; a policy is JSON.

create table belay_fault_policies (
  instance text not null,
  name text not null,
  generation bigint not null,
  created bigint not null,
  ends bigint,
  lease_ends bigint,
  policy text not null,
  primary key (instance, name)
);

-- one row for each instance; halted is 0 or 1
create table belay_fault_standing (
  instance text not null primary key,
  version bigint not null,
  halted integer not null
);
