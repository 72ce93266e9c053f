package dev.belay.llm.gateway;

import dev.belay.Attempt;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import io.vertx.core.buffer.Buffer;

/**
 * A whole answer that is handed on as it came.
 *
 * @param attempt that brought it
 * @param status of HTTP
 */
record Passed(Attempt<LlmEndpoint> attempt, int status, Headers headers, Buffer body) {}
