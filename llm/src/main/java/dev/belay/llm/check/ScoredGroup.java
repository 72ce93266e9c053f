package dev.belay.llm.check;

import dev.belay.Check;
import dev.belay.llm.check.score.Aggregation;
import dev.belay.llm.check.score.Category;
import dev.belay.llm.check.score.Decision;
import dev.belay.llm.check.score.Score;
import dev.belay.llm.check.score.Strategy;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code scored}: several validators are weighed against each other. */
record ScoredGroup(List<Member> members, Aggregation aggregation) implements Validator {
  ScoredGroup {
    members = List.copyOf(members);
    Check.that(!members.isEmpty(), "a group must hold at least 1 validator, held 0");
  }

  /** A validator and what its score is about. */
  record Member(Validator validator, Category category) {}

  static Validator of(Params params) {
    Aggregation base = Aggregation.DEFAULT;
    double accept = params.number("accept", base.accept(), 0, 1);
    Aggregation aggregation =
        new Aggregation(
            params.choice("strategy", Strategy.WEIGHTED_AVERAGE),
            accept,
            params.number("review", Math.min(base.review(), accept), 0, accept),
            params.number("min_confidence", base.leastConfidence(), 0, 1),
            weights(params),
            params.has("critical") ? critical(params) : base.critical(),
            params.number("veto", base.veto(), 0, 1));
    return new ScoredGroup(members(params), aggregation);
  }

  private static Map<Category, Double> weights(Params params) {
    Map<Category, Double> weights = new EnumMap<>(Category.class);
    params
        .object("weights")
        .ifPresent(object ->
            object
                .members()
                .forEach((name, value) -> {
                  if (!(value instanceof Json.Num number) || number.value().signum() < 0) {
                    throw params.bad("weights", "numbers of 0 or more by category");
                  }
                  weights.put(category(params, "weights", name), number.value().doubleValue());
                }));
    return weights;
  }

  private static Set<Category> critical(Params params) {
    Set<Category> critical = new HashSet<>();
    if (!(params.value("critical").orElse(Json.of("")) instanceof Json.Arr none)
        || !none.items().isEmpty()) {
      params.texts("critical").forEach(one -> critical.add(category(params, "critical", one)));
    }
    return critical;
  }

  private static Category category(Params params, String parameter, String name) {
    for (Category category : Category.values()) {
      if (category.name().toLowerCase(Locale.ROOT).equals(name)) {
        return category;
      }
    }
    throw params.bad(parameter, "made of structure, content, accuracy, safety and other");
  }

  private static List<Member> members(Params params) {
    if (!(params.value("validators").orElse(Json.of("")) instanceof Json.Arr list)
        || list.items().isEmpty()) {
      throw params.bad("validators", "a list of at least 1 validator");
    }
    List<Member> members = new ArrayList<>();
    for (Json entry : list.items()) {
      Category category = Category.OTHER;
      Json rest = entry;
      if (entry instanceof Json.Obj object && object.get("category").isPresent()) {
        if (!(object.get("category").get() instanceof Json.Str name)) {
          throw params.bad("validators", "with a category that is a string");
        }
        category = category(params, "validators", name.value());
        Map<String, Json> others = new LinkedHashMap<>(object.members());
        others.remove("category");
        rest = new Json.Obj(others);
      }
      members.add(new Member(params.made(rest), category));
    }
    return members;
  }

  @Override
  public String name() {
    return "scored";
  }

  @Override
  public Cost cost() {
    return Tally.dearest(members.stream().map(Member::validator).toList());
  }

  @Override
  public Finding check(Answer answer, CheckContext context) throws InterruptedException {
    List<Score> scores = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Member member : members) {
      Rating rating = rating(member.validator, answer, context);
      scores.add(
          new Score(member.validator.name(), member.category, rating.value(), rating.confidence()));
      switch (rating.finding()) {
        case Finding.Valid valid -> problems.addAll(valid.warnings());
        case Finding.Invalid invalid -> problems.addAll(invalid.problems());
        case Finding.Inconclusive open -> problems.add(Problem.of(name(), open.why()));
      }
    }
    return finding(answer, aggregation.of(scores), problems);
  }

  private static Rating rating(Validator validator, Answer answer, CheckContext context)
      throws InterruptedException {
    if (!(validator instanceof ScoredValidator scored)) {
      return Rating.of(Tally.guarded(validator, answer, context));
    }
    try {
      return scored.rate(answer, context);
    } catch (RuntimeException broken) {
      return Rating.of(Tally.broken(validator, broken));
    }
  }

  private Finding finding(Answer answer, Decision decision, List<Problem> problems) {
    String others =
        decision.dissenting().isEmpty()
            ? ""
            : "; otherwise decided " + String.join(", ", decision.dissenting());
    List<Problem> all = new ArrayList<>(problems);
    all.add(Problem.of(name(), decision.why() + others));
    return switch (decision.outcome()) {
      case ACCEPT -> new Finding.Valid(answer, problems);
      case REJECT -> new Finding.Invalid(all, Remedy.REASK);
      case REVIEW, ESCALATE -> new Finding.Invalid(all, Remedy.HUMAN);
    };
  }
}
