package dev.belay.server;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmClientBuilder;
import dev.belay.llm.check.Validator;
import dev.belay.llm.gateway.ClientAnswerer;
import dev.belay.llm.gateway.GatewayRoute;
import dev.belay.llm.mcp.ToolSettings;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.Limits;
import dev.belay.server.config.CheckList;
import dev.belay.server.config.LlmConfig;
import java.util.List;
import java.util.Optional;

/**
 * Makes the routes of a configuration out of what outlives them. Safe for any number of threads.
 *
 * @param transport makes the attempts
 * @param waits between them
 * @param cache of answers, for the routes that want one
 * @param reviews of calls that a person has to decide
 * @param records of what happens
 * @param time the clock
 */
record LlmRoutes(
    HttpTransport transport,
    LlmWaits waits,
    AnswerCache cache,
    ReviewQueue reviews,
    LlmRecords records,
    Time time) {

  /** The routes, in order; none if there is nothing to ask. */
  List<GatewayRoute> of(LlmConfig config, LlmModels models) {
    if (config.routes().isEmpty()) {
      return List.of();
    }
    LlmClient client = client(config, models);
    return config.routes().stream().map(route -> route(route, client)).toList();
  }

  private LlmClient client(LlmConfig config, LlmModels models) {
    LlmClientBuilder builder =
        LlmClient.builder()
            .transport(transport)
            .delays(waits.delays())
            .gates(waits.gates())
            .cache(cache)
            .runTools(ToolSettings.DEFAULT) // those of the configuration: clients name none
            .recorder(records.recorder())
            .reviews(reviews, config.reviews().timeToLive(), config.reviews().hold())
            .random(SharedRandom.INSTANCE)
            .time(time);
    add(config, models, builder);
    return builder.build();
  }

  /** Adds the routes of a configuration, in order. */
  static void add(LlmConfig config, LlmModels models, LlmClientBuilder builder) {
    for (LlmConfig.Route route : config.routes()) {
      List<LlmEndpoint> endpoints = models.of(route);
      if (route.policy().isPresent()) {
        builder.route(route.name(), endpoints, route.policy().get());
      } else {
        builder.route(route.name(), endpoints);
      }
    }
  }

  private GatewayRoute route(LlmConfig.Route route, LlmClient client) {
    List<Validator> checks = checks(route, client);
    return new GatewayRoute(
        client.route(route.name()),
        Limits.DEFAULT,
        waits,
        Optional.of(new ClientAnswerer(client, call -> wishes(call, route, checks))),
        !checks.isEmpty() || route.cached());
  }

  /** What the answers of a route have to pass. */
  static List<Validator> checks(LlmConfig.Route route, LlmClient client) {
    return CheckList.validators(client.judge(), route.name()).from(route.checks());
  }

  /** A call with all that its route adds to it. */
  static LlmCall wishes(LlmCall call, LlmConfig.Route route, List<Validator> checks) {
    LlmCall wishes =
        call.checkedBy(checks)
            .noting(route.checks())
            .correctedBy(route.corrections())
            .within(route.budget());
    return route.cached() ? wishes : wishes.uncached();
  }
}
