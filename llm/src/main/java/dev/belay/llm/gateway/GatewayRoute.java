package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.delay.ErrorTable;
import dev.belay.llm.front.Front;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.transport.Limits;
import java.util.Optional;

/**
 * What one model name of the gateway stands for.
 *
 * @param models where requests go, and by what rules they are tried again
 * @param limits of each attempt
 * @param errors judges what providers say instead of an answer
 * @param answerer for what cannot be passed on as it is: answers that are checked, and providers
 *     that do not speak as the client does; empty if nothing is
 * @param inspects whether each answer is looked into, so that none is passed on as it is: to check
 *     it, or to keep it
 */
public record GatewayRoute(
    LlmRoute models,
    Limits limits,
    ErrorReader errors,
    Optional<Answerer> answerer,
    boolean inspects) {

  /** Rejects null. */
  public GatewayRoute {
    requireNonNull(models, "models");
    requireNonNull(limits, "limits");
    requireNonNull(errors, "errors");
    requireNonNull(answerer, "answerer");
    Check.that(
        !inspects || answerer.isPresent(),
        "route %s looks into answers, but nobody is there to do it",
        models.name());
  }

  /** One on which requests are passed on as they are. */
  public static GatewayRoute passing(LlmRoute models) {
    return new GatewayRoute(models, Limits.DEFAULT, ErrorTable.builtIn(), Optional.empty(), false);
  }

  /** As clients ask for it. */
  public String name() {
    return models.name();
  }

  /** Whether all of its models speak as the client does, and nothing has to be looked into. */
  boolean passes(Front front) {
    return !inspects
        && models.endpoints().stream()
            .allMatch(endpoint ->
                endpoint.backend() instanceof Backend.Http http
                    && front.isSpokenBy(http.dialect().name()));
  }
}
