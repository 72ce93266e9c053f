package dev.belay.server.api;

import dev.belay.RetryPolicy;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.DefaultPolicy.Version;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.Optional;

/** The policy for all requests that name none. */
final class PolicyRoutes {
  private static final String PATH = "/api/v1/retry/policy";

  private final DefaultPolicy policy;
  private final boolean strictStatusCodes;

  PolicyRoutes(DefaultPolicy policy, boolean strictStatusCodes) {
    this.policy = policy;
    this.strictStatusCodes = strictStatusCodes;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::show);
    routes.add(
        HttpMethod.PUT,
        PATH,
        Bodies.JSON,
        ask -> change(ask, PolicyJson.replace(ask.fields(), strictStatusCodes)));
    routes.add(
        HttpMethod.PATCH,
        PATH,
        Bodies.PATCH,
        ask -> change(ask, PolicyJson.merge(ask.patch(), strictStatusCodes)));
  }

  private Reply show(Ask ask) {
    new Query(ask).close();
    Version version = policy.current();
    String etag = PolicyJson.etag(version);
    boolean known =
        ask.header("If-None-Match").filter(names -> names(names, etag, true)).isPresent();
    return (known ? Reply.empty(304) : Reply.ok(PolicyJson.write(version))).with("ETag", etag);
  }

  private Reply change(Ask ask, PolicyJson.Change change) {
    new Query(ask).close();
    Optional<String> expected = ask.header("If-Match");
    Version changed =
        policy
            .change(current -> {
              String etag = PolicyJson.etag(current);
              if (expected.isPresent() && !names(expected.get(), etag, false)) {
                throw ApiProblem.stale(etag);
              }
              RetryPolicy next = change.apply(current.policy());
              return Optional.of(next);
            })
            .orElseThrow();
    return Reply.ok(PolicyJson.write(changed)).with("ETag", PolicyJson.etag(changed));
  }

  /** Whether a list of entity tags names this one; only reads may compare weakly. */
  private static boolean names(String list, String etag, boolean weakly) {
    return list.strip().equals("*")
        || Arrays.stream(list.split(","))
            .map(String::strip)
            .map(tag -> weakly && tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(etag::equals);
  }
}
