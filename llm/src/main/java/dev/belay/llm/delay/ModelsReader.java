package dev.belay.llm.delay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code models.yaml}. For one thread, once. */
final class ModelsReader {
  private static final String SECTION = "p1_dynamic_retry_delays";

  private final YamlFile file;

  ModelsReader(String name) {
    this.file = new YamlFile(name);
  }

  ModelsFile read(String text) {
    Optional<YamlFields> root = file.read(text).flatMap(YamlPart::fields);
    ModelsFile read = root.map(this::read).orElse(ModelsFile.NONE);
    file.check();
    return read;
  }

  private ModelsFile read(YamlFields root) {
    Optional<YamlFields> section =
        root.fields("lovable_patterns")
            .flatMap(patterns -> {
              checkNames(patterns);
              return patterns.fields(SECTION);
            });
    Optional<DelaysReader> delays = section.map(DelaysReader::new);
    DelaySettings settings = delays.map(DelaysReader::settings).orElse(DelaySettings.OFF);
    List<ErrorRow> errors = delays.map(DelaysReader::errors).orElse(List.of());
    section.ifPresent(YamlFields::close);
    return new ModelsFile(settings, errors, quotas(root), onExhaustion(root), fallbacks(root));
  }

  /** Other patterns are none of our business, but a name that starts as ours does is ours. */
  private static void checkNames(YamlFields patterns) {
    patterns
        .members()
        .forEach((name, part) -> {
          if (!name.equals(SECTION) && name.startsWith("p1")) {
            part.wrong("is not known; did you mean %s?".formatted(SECTION));
          }
        });
  }

  private static Map<String, ModelsFile.Quota> quotas(YamlFields root) {
    Map<String, ModelsFile.Quota> quotas = new HashMap<>();
    root.fields("provider_quotas")
        .ifPresent(all ->
            all.members()
                .forEach((provider, part) ->
                    quota(provider, all).ifPresent(quota -> quotas.put(provider, quota))));
    return quotas;
  }

  private static Optional<ModelsFile.Quota> quota(String provider, YamlFields all) {
    return all.fields(provider)
        .map(fields -> {
          ModelsFile.Quota none = new ModelsFile.Quota(0, 1);
          ModelsFile.Quota capped =
              fields.set(
                  "weekly_token_cap",
                  none,
                  YamlPart::count,
                  (quota, tokens) -> new ModelsFile.Quota(tokens, quota.softRatio()));
          return fields.set(
              "soft_limit_ratio",
              capped,
              YamlPart::number,
              (quota, ratio) -> new ModelsFile.Quota(quota.weeklyTokens(), ratio));
        });
  }

  private static String onExhaustion(YamlFields root) {
    return root.fields("quota_enforcement")
        .flatMap(rules -> rules.read("on_quota_exhaustion", YamlPart::text))
        .orElse("");
  }

  private static ModelsFile.Fallbacks fallbacks(YamlFields root) {
    Map<String, List<String>> byCategory = new HashMap<>();
    Optional<YamlFields> strategy = root.fields("fallback_strategy");
    strategy
        .flatMap(rules -> rules.fields("by_category"))
        .ifPresent(categories ->
            categories
                .members()
                .forEach((name, part) ->
                    models(part).ifPresent(models -> byCategory.put(name, models))));
    List<String> general =
        strategy
            .flatMap(rules -> rules.read("default_fallbacks", ModelsReader::texts))
            .orElse(List.of());
    Set<String> never = new HashSet<>();
    for (String place : List.of("quota_enforcement", "quota_routing")) {
      root.fields(place)
          .flatMap(rules -> rules.read("never_fallback_categories", ModelsReader::texts))
          .ifPresent(never::addAll);
    }
    root.read("never_fallback_categories", ModelsReader::texts).ifPresent(never::addAll);
    return new ModelsFile.Fallbacks(general, byCategory, never);
  }

  private static Optional<List<String>> models(YamlPart category) {
    return category.fields().flatMap(rules -> rules.read("fallbacks", ModelsReader::texts));
  }

  private static Optional<List<String>> texts(YamlPart part) {
    return part.list(YamlPart::text);
  }
}
