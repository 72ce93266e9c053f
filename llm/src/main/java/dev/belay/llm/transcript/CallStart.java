package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.json.Json;
import java.util.List;

/**
 * What is known when a call begins. Immutable.
 *
 * @param route the name that was asked for
 * @param key the run that it belongs to; may be empty
 * @param tenant for whom; may be empty
 * @param request what is asked, as the caller made it
 * @param endpoints the names of all endpoints of the route, in order; empty if not known
 * @param checks what the answer has to pass, as {@link dev.belay.llm.check.Validators} reads it;
 *     empty if there are none, or if they are known only as code
 * @param terms the rules
 */
public record CallStart(
    String route,
    String key,
    String tenant,
    LlmRequest request,
    List<String> endpoints,
    Json.Arr checks,
    CallTerms terms) {
  /** Keeps copies. */
  public CallStart {
    requireNonNull(route, "route");
    requireNonNull(key, "key");
    requireNonNull(tenant, "tenant");
    requireNonNull(request, "request");
    endpoints = List.copyOf(endpoints);
    requireNonNull(checks, "checks");
    requireNonNull(terms, "terms");
  }

  /** One of which only the question and the rules are known. */
  public static CallStart of(LlmRequest request, CallTerms terms) {
    return new CallStart(request.model(), "", "", request, List.of(), Json.of(List.of()), terms);
  }
}
