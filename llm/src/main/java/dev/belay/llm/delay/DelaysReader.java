package dev.belay.llm.delay;

import dev.belay.Jitter;
import dev.belay.llm.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the section of the waits. For one thread, once. */
final class DelaysReader {
  /** The name for all kinds that go away by themselves. */
  private static final String TRANSIENT = "transient";

  private static final Set<ErrorKind> TRANSIENTS =
      Set.of(ErrorKind.OVERLOADED, ErrorKind.SERVER_ERROR, ErrorKind.NETWORK, ErrorKind.CONFLICT);

  private final YamlFields section;

  DelaysReader(YamlFields section) {
    this.section = section;
  }

  DelaySettings settings() {
    Preset preset =
        section.read("preset", part -> part.oneOf(Preset.values())).orElse(Preset.INTERACTIVE);
    boolean enabled = section.read("enabled", YamlPart::yesNo).orElse(true);
    Map<ErrorKind, ClassRule> classes =
        section
            .fields("classes")
            .map(all -> classes(all, preset.classes()))
            .orElse(preset.classes());
    return new DelaySettings(
        enabled,
        preset,
        section.fields("rollout").map(new RolloutReader()::read).orElse(RolloutPlan.ALL),
        hints(preset.hints()),
        section.fields("budget").map(all -> budget(all, preset.budget())).orElse(preset.budget()),
        classes,
        section.fields("providers").map(all -> providers(all, classes)).orElse(Map.of()));
  }

  List<ErrorRow> errors() {
    return section
        .read("errors", part -> part.list(row -> row.fields().flatMap(ErrorRowReader::read)))
        .orElse(List.of());
  }

  private HintRules hints(HintRules preset) {
    HintRules rules =
        section.set(
            "honor_hints",
            preset,
            YamlPart::yesNo,
            (hints, honored) -> new HintRules(honored, hints.maxWait(), hints.overLimit()));
    rules =
        section.set(
            "max_hint_wait",
            rules,
            YamlPart::length,
            (hints, most) -> new HintRules(hints.honored(), most, hints.overLimit()));
    return section.set(
        "over_limit",
        rules,
        part -> part.oneOf(HintRules.OverLimit.values()),
        (hints, what) -> new HintRules(hints.honored(), hints.maxWait(), what));
  }

  private static Spending budget(YamlFields fields, Spending preset) {
    Spending budget =
        fields.set(
            "attempts",
            preset,
            YamlPart::whole,
            (all, attempts) ->
                new Spending(
                    attempts, all.deadline(), all.retryRatio(), all.tokens(), all.costUsd()));
    budget =
        fields.set(
            "deadline",
            budget,
            YamlPart::length,
            (all, deadline) ->
                new Spending(
                    all.attempts(), deadline, all.retryRatio(), all.tokens(), all.costUsd()));
    budget =
        fields.set(
            "retry_ratio",
            budget,
            YamlPart::number,
            (all, ratio) ->
                new Spending(all.attempts(), all.deadline(), ratio, all.tokens(), all.costUsd()));
    budget =
        fields.set(
            "tokens",
            budget,
            YamlPart::count,
            (all, tokens) ->
                new Spending(
                    all.attempts(), all.deadline(), all.retryRatio(), tokens, all.costUsd()));
    budget =
        fields.set(
            "cost_usd",
            budget,
            YamlPart::number,
            (all, dollars) ->
                new Spending(
                    all.attempts(), all.deadline(), all.retryRatio(), all.tokens(), dollars));
    fields.close();
    return budget;
  }

  private static Map<ErrorKind, ClassRule> classes(
      YamlFields fields, Map<ErrorKind, ClassRule> from) {
    Map<ErrorKind, ClassRule> rules = new EnumMap<>(from);
    fields
        .fields(TRANSIENT)
        .ifPresent(rule ->
            TRANSIENTS.forEach(
                kind -> rules.computeIfPresent(kind, (same, old) -> rule(rule, old))));
    for (ErrorKind kind : ErrorKind.values()) {
      fields
          .fields(kind.name().toLowerCase(Locale.ROOT))
          .ifPresent(rule -> rules.computeIfPresent(kind, (same, old) -> rule(rule, old)));
    }
    fields.close();
    return rules;
  }

  private static ClassRule rule(YamlFields fields, ClassRule from) {
    ClassRule rule = fields.set("base", from, YamlPart::length, ClassRule::withBase);
    rule = fields.set("factor", rule, YamlPart::number, ClassRule::withFactor);
    rule = fields.set("cap", rule, YamlPart::length, ClassRule::withCap);
    rule = fields.set("jitter", rule, p -> p.oneOf(Jitter.values()), ClassRule::withJitter);
    rule = fields.set("attempts", rule, YamlPart::whole, ClassRule::withAttempts);
    rule = fields.set("fallback_after", rule, YamlPart::whole, ClassRule::withFallbackAfter);
    rule = fields.set("first_at_once", rule, YamlPart::yesNo, ClassRule::withFirstAtOnce);
    fields.close();
    return rule;
  }

  private static Map<String, ProviderRules> providers(
      YamlFields fields, Map<ErrorKind, ClassRule> general) {
    Map<String, ProviderRules> providers = new HashMap<>();
    for (String name : fields.members().keySet()) {
      fields
          .fields(name)
          .ifPresent(rules -> {
            Map<ErrorKind, ClassRule> own = new HashMap<>();
            rules
                .fields("classes")
                .ifPresent(classes -> {
                  Map<ErrorKind, ClassRule> all = classes(classes, general);
                  all.forEach((kind, rule) -> {
                    if (!rule.equals(general.get(kind))) {
                      own.put(kind, rule);
                    }
                  });
                });
            boolean shared = rules.read("shared_gate", YamlPart::yesNo).orElse(false);
            rules.close();
            providers.put(name, new ProviderRules(own, shared));
          });
    }
    return providers;
  }

  /** Reads the part on for whom. */
  private static final class RolloutReader {
    RolloutPlan read(YamlFields fields) {
      RolloutPlan plan = RolloutPlan.ALL;
      plan =
          fields.set(
              "key", plan, YamlPart::text, (all, key) -> with(all, all.percent(), key, all.salt()));
      plan =
          fields.set(
              "salt",
              plan,
              YamlPart::text,
              (all, salt) -> with(all, all.percent(), all.key(), salt));
      plan =
          fields.set(
              "percent",
              plan,
              YamlPart::number,
              (all, percent) -> with(all, percent, all.key(), all.salt()));
      plan =
          fields.set(
              "stages",
              plan,
              part -> part.list(YamlPart::number),
              (all, stages) -> staged(all, stages, all.soak()));
      plan =
          fields.set(
              "soak",
              plan,
              part -> part.list(YamlPart::length),
              (all, soak) -> staged(all, all.stages(), soak));
      RolloutPlan.HaltRule halt =
          fields.fields("halt_if").map(RolloutReader::halt).orElse(plan.halt());
      Instant start = fields.read("start", YamlPart::instant).orElse(plan.start());
      fields.close();
      return new RolloutPlan(
          plan.percent(), plan.key(), plan.salt(), plan.stages(), plan.soak(), halt, start);
    }

    private static RolloutPlan with(RolloutPlan from, double percent, String key, String salt) {
      return new RolloutPlan(
          percent, key, salt, from.stages(), from.soak(), from.halt(), from.start());
    }

    private static RolloutPlan staged(RolloutPlan from, List<Double> stages, List<Duration> soak) {
      return new RolloutPlan(
          from.percent(), from.key(), from.salt(), stages, soak, from.halt(), from.start());
    }

    private static RolloutPlan.HaltRule halt(YamlFields fields) {
      RolloutPlan.HaltRule rule = new RolloutPlan.HaltRule(1e9, 1e9, 200);
      rule =
          fields.set(
              "error_rate_increase",
              rule,
              YamlPart::number,
              (all, share) -> new RolloutPlan.HaltRule(share, all.p95Increase(), all.minCalls()));
      rule =
          fields.set(
              "p95_latency_increase",
              rule,
              YamlPart::number,
              (all, share) ->
                  new RolloutPlan.HaltRule(all.errorRateIncrease(), share, all.minCalls()));
      rule =
          fields.set(
              "min_calls",
              rule,
              YamlPart::whole,
              (all, calls) ->
                  new RolloutPlan.HaltRule(all.errorRateIncrease(), all.p95Increase(), calls));
      fields.close();
      return rule;
    }
  }

  /** Reads a row of errors. */
  private static final class ErrorRowReader {
    static Optional<ErrorRow> read(YamlFields fields) {
      ErrorRow.Match match =
          new ErrorRow.Match(
              texts(fields, "provider"),
              fields.read("status", part -> part.list(ErrorRowReader::statuses)).orElse(List.of()),
              texts(fields, "code"),
              texts(fields, "quota"),
              texts(fields, "text"));
      Optional<ErrorKind> kind = fields.read("kind", part -> part.oneOf(ErrorKind.values()));
      if (kind.isEmpty() && fields.take("kind").isEmpty()) {
        fields.missing("kind");
      }
      String remedy = fields.read("remedy", YamlPart::text).orElse("");
      Duration pause = fields.read("pause", YamlPart::length).orElse(Duration.ZERO);
      fields.close();
      return kind.map(known -> new ErrorRow(match, known, remedy, pause));
    }

    private static Optional<ErrorRow.Statuses> statuses(YamlPart part) {
      return part.text()
          .flatMap(text -> {
            try {
              return Optional.of(ErrorFile.statuses(text, part.path()));
            } catch (IllegalArgumentException wrong) {
              part.wrong(String.valueOf(wrong.getMessage()));
              return Optional.empty();
            }
          });
    }

    private static List<String> texts(YamlFields fields, String key) {
      return fields.read(key, part -> part.list(YamlPart::text)).orElse(List.of());
    }
  }
}
