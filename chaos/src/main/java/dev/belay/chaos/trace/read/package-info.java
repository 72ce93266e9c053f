/** Spans as others write them: OTLP as protobuf and as JSON, Jaeger's JSON, plain lists. */
@NullMarked
package dev.belay.chaos.trace.read;

import org.jspecify.annotations.NullMarked;
