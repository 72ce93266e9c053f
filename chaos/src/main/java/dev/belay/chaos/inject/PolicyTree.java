package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.wire.Tree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Policies as trees, in the shape that published executors have:
 *
 * <pre>{@code
 * {"metadata": {"name": "checkout-503", "version": "1.0.0"},
 *  "spec": {"selector": {"service": "frontend"},
 *           "rules": [{"match": {"path": {"prefix": "/api/"}},
 *                      "fault": {"percentage": 50, "duration_seconds": 300,
 *                                "abort": {"httpStatus": 503}}}]}}
 * }</pre>
 *
 * <p>What only this executor knows is left out where it says nothing: {@code priority}, {@code
 * owner} and {@code lease_seconds}; {@code apply}; {@code match.edge}, {@code match.baggage} and
 * {@code match.path.not}; {@code active_after_ms}, {@code hits} and {@code effects}.
 */
final class PolicyTree {
  private static final long MOST = Long.MAX_VALUE;
  private static final double MILLIS = 1_000;
  private static final String SPARED = "not";

  private PolicyTree() {}

  static Policy read(Tree tree) {
    Policy.Metadata metadata = metadata(tree.tree("metadata"));
    Tree spec = tree.tree("spec");
    tree.close();
    Selector selector = spec.maybeTree("selector").map(PolicyTree::selector).orElse(Selector.ANY);
    Policy.Apply apply =
        switch (spec.maybeText("apply").orElse("first")) {
          case "first" -> Policy.Apply.FIRST;
          case "all" -> Policy.Apply.ALL;
          default -> throw spec.wrong("apply", "first or all");
        };
    List<Rule> rules = spec.trees("rules").stream().map(PolicyTree::rule).toList();
    spec.close();
    return new Policy(metadata, selector, apply, rules);
  }

  private static Policy.Metadata metadata(Tree tree) {
    int priority =
        (int) tree.maybeWhole("priority", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(0);
    var seconds = tree.maybeNumber("lease_seconds", 0, MOST);
    Optional<Duration> lease =
        seconds.isPresent()
            ? Optional.of(Duration.ofMillis(Math.round(seconds.getAsDouble() * MILLIS)))
            : Optional.empty();
    Policy.Metadata metadata =
        new Policy.Metadata(
            tree.maybeText("name").orElse(""),
            tree.maybeText("version").orElse(""),
            priority,
            tree.maybeText("owner").orElse(""),
            lease);
    tree.close();
    return metadata;
  }

  private static Selector selector(Tree tree) {
    Selector selector =
        new Selector(tree.maybeText("service").orElse(""), tree.maybeText("namespace").orElse(""));
    tree.close();
    return selector;
  }

  private static Rule rule(Tree tree) {
    Rule rule = new Rule(match(tree.tree("match")), fault(tree.tree("fault")));
    tree.close();
    return rule;
  }

  private static RequestMatch match(Tree tree) {
    Optional<Edge> edge =
        tree.maybeTree("edge")
            .map(one -> {
              Edge read =
                  new Edge(
                      one.maybeText("from").orElse(Edge.ANY),
                      one.maybeText("service").orElse(Edge.ANY));
              one.close();
              return read;
            });
    Optional<Tree> path = tree.maybeTree("path");
    List<String> spared = path.map(PolicyTree::spared).orElse(List.of());
    RequestMatch match =
        new RequestMatch(
            edge,
            tree.maybeTree("method").map(PolicyTree::text),
            path.map(PolicyTree::text),
            spared,
            tree.trees("headers").stream().map(PolicyTree::named).toList(),
            tree.trees("baggage").stream().map(PolicyTree::named).toList());
    tree.close();
    return match;
  }

  /** An empty list would spare nothing where somebody thought of something. */
  private static List<String> spared(Tree path) {
    if (!path.has(SPARED)) {
      return List.of();
    }
    List<String> spared = path.texts(SPARED);
    Check.that(!spared.isEmpty(), "%s must have at least one path", path.pathOf(SPARED));
    return spared;
  }

  private static TextMatch text(Tree tree) {
    TextMatch match =
        value(tree)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s must have one of exact, prefix and regex".formatted(tree.pathOf(""))));
    tree.close();
    return match;
  }

  private static NamedMatch named(Tree tree) {
    NamedMatch match = new NamedMatch(tree.maybeText("name").orElse(""), value(tree));
    tree.close();
    return match;
  }

  /** Of several, the strictest counts. An empty one is taken for none, as some clients write it. */
  private static Optional<TextMatch> value(Tree tree) {
    Optional<String> exact = filled(tree, "exact");
    Optional<String> prefix = filled(tree, "prefix");
    Optional<String> regex = filled(tree, "regex");
    return exact
        .map(TextMatch::exact)
        .or(() -> prefix.map(TextMatch::prefix))
        .or(() -> regex.map(TextMatch::regex));
  }

  private static Optional<String> filled(Tree tree, String key) {
    return tree.maybeText(key).filter(text -> !text.isEmpty());
  }

  private static RuleFault fault(Tree tree) {
    int percentage =
        (int) tree.maybeWhole("percentage", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(0);
    Timing timing =
        new Timing(
            Duration.ofMillis(whole(tree, "start_delay_ms")),
            Duration.ofSeconds(whole(tree, "duration_seconds")),
            Duration.ofMillis(whole(tree, "active_after_ms")));
    Fault.Hits hits =
        tree.maybeTree("hits")
            .map(one -> {
              int skip = (int) one.maybeWhole("skip", 0, Integer.MAX_VALUE).orElse(0);
              int count =
                  (int) one.maybeWhole("count", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
              one.close();
              return new Fault.Hits(skip, count);
            })
            .orElse(Fault.Hits.ALL);
    long delayMs =
        tree.maybeTree("delay")
            .map(one -> {
              long read = whole(one, "fixed_delay_ms");
              one.close();
              return read;
            })
            .orElse(0L);
    Optional<Actions.Abort> abort = tree.maybeTree("abort").flatMap(PolicyTree::abort);
    List<Effect> effects = tree.trees("effects").stream().map(PolicyTree::effect).toList();
    tree.close();
    return new RuleFault(percentage, timing, hits, new Actions(delayMs, abort, effects));
  }

  private static long whole(Tree tree, String key) {
    return tree.maybeWhole(key, -MOST, MOST).orElse(0);
  }

  /** An abort with status 0 is none: programs write their empty fields so. */
  private static Optional<Actions.Abort> abort(Tree tree) {
    long status = whole(tree, "httpStatus");
    Optional<String> body = tree.maybeText("body");
    tree.close();
    return status == 0
        ? Optional.empty()
        : Optional.of(new Actions.Abort((int) Math.clamp(status, -1L, 1_000L), body));
  }

  private static Effect effect(Tree tree) {
    Effect effect =
        switch (tree.text("effect")) {
          case "reset" -> new Effect.Reset();
          case "throttle" -> new Effect.Throttle(whole(tree, "bytes_per_second"));
          case "truncate" -> new Effect.Truncate(whole(tree, "after_bytes"));
          case "corrupt" -> new Effect.Corrupt();
          case "rewrite" ->
              new Effect.Rewrite((int) Math.clamp(whole(tree, "httpStatus"), -1L, 1_000L));
          default -> throw tree.wrong("effect", "reset, throttle, truncate, corrupt or rewrite");
        };
    tree.close();
    return effect;
  }

  static Map<String, Object> write(Policy policy) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", policy.name());
    putFilled(metadata, "version", policy.metadata().version());
    if (policy.metadata().priority() != 0) {
      metadata.put("priority", policy.metadata().priority());
    }
    putFilled(metadata, "owner", policy.metadata().owner());
    policy.metadata().lease().ifPresent(lease -> metadata.put("lease_seconds", seconds(lease)));
    Map<String, Object> selector = new LinkedHashMap<>();
    putFilled(selector, "service", policy.selector().service());
    putFilled(selector, "namespace", policy.selector().namespace());
    Map<String, Object> spec = new LinkedHashMap<>();
    if (!selector.isEmpty()) {
      spec.put("selector", selector);
    }
    if (policy.apply() == Policy.Apply.ALL) {
      spec.put("apply", "all");
    }
    spec.put("rules", policy.rules().stream().map(PolicyTree::write).toList());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("metadata", metadata);
    tree.put("spec", spec);
    return tree;
  }

  private static Number seconds(Duration length) {
    long millis = length.toMillis();
    return millis % 1_000 == 0 ? (Number) (millis / 1_000) : (Number) (millis / MILLIS);
  }

  private static void putFilled(Map<String, Object> tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }

  private static void putAbove(Map<String, Object> tree, String key, long value) {
    if (value > 0) {
      tree.put(key, value);
    }
  }

  private static Map<String, Object> write(Rule rule) {
    Map<String, Object> match = new LinkedHashMap<>();
    rule.match()
        .edge()
        .ifPresent(
            edge -> match.put("edge", Map.of("from", edge.caller(), "service", edge.callee())));
    rule.match().method().ifPresent(method -> match.put("method", write(method)));
    rule.match().path().ifPresent(path -> match.put("path", write(path, rule.match().spared())));
    putNamed(match, "headers", rule.match().headers());
    putNamed(match, "baggage", rule.match().baggage());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("match", match);
    tree.put("fault", write(rule.fault()));
    return tree;
  }

  private static Map<String, Object> write(TextMatch match) {
    return Map.of(match.kind().name().toLowerCase(Locale.ROOT), match.value());
  }

  private static Map<String, Object> write(TextMatch path, List<String> spared) {
    if (spared.isEmpty()) {
      return write(path);
    }
    Map<String, Object> tree = new LinkedHashMap<>(write(path));
    tree.put(SPARED, spared);
    return tree;
  }

  private static void putNamed(Map<String, Object> tree, String key, List<NamedMatch> matches) {
    if (matches.isEmpty()) {
      return;
    }
    tree.put(
        key,
        matches.stream()
            .map(match -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("name", match.name());
              match.value().ifPresent(value -> one.putAll(write(value)));
              return one;
            })
            .toList());
  }

  private static Map<String, Object> write(RuleFault fault) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("percentage", fault.percentage());
    putAbove(tree, "start_delay_ms", fault.timing().startDelay().toMillis());
    putAbove(tree, "active_after_ms", fault.timing().activeAfter().toMillis());
    tree.put("duration_seconds", fault.timing().life().toSeconds());
    if (!fault.hits().equals(Fault.Hits.ALL)) {
      Map<String, Object> hits = new LinkedHashMap<>();
      putAbove(hits, "skip", fault.hits().skip());
      if (fault.hits().count() < Integer.MAX_VALUE) {
        hits.put("count", fault.hits().count());
      }
      tree.put("hits", hits);
    }
    Actions actions = fault.actions();
    if (actions.delayMs() > 0) {
      tree.put("delay", Map.of("fixed_delay_ms", actions.delayMs()));
    }
    actions
        .abort()
        .ifPresent(abort -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("httpStatus", abort.status());
          abort.body().ifPresent(body -> one.put("body", body));
          tree.put("abort", one);
        });
    if (!actions.effects().isEmpty()) {
      tree.put("effects", actions.effects().stream().map(PolicyTree::write).toList());
    }
    return tree;
  }

  private static Map<String, Object> write(Effect effect) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("effect", effect.kind());
    switch (effect) {
      case Effect.Throttle throttle -> tree.put("bytes_per_second", throttle.bytesPerSecond());
      case Effect.Truncate truncate -> tree.put("after_bytes", truncate.afterBytes());
      case Effect.Rewrite rewrite -> tree.put("httpStatus", rewrite.status());
      case Effect.Reset none -> {}
      case Effect.Corrupt none -> {}
      case Effect.Delay other -> throw new IllegalStateException(other.toString());
      case Effect.Abort other -> throw new IllegalStateException(other.toString());
    }
    return tree;
  }
}
