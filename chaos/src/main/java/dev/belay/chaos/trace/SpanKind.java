package dev.belay.chaos.trace;

/** Which end of a call a span stands for, as OpenTelemetry has it. */
public enum SpanKind {
  /** Work inside of one service. */
  INTERNAL,
  /** A request that a service answers. */
  SERVER,
  /** A call that a service makes. */
  CLIENT,
  /** A message that is sent. */
  PRODUCER,
  /** A message that is taken. */
  CONSUMER
}
