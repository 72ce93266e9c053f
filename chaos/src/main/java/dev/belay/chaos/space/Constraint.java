package dev.belay.chaos.space;

import java.util.ArrayList;
import java.util.List;

/**
 * What must not be false at any point.
 *
 * @param name for messages; may be empty
 * @param text as it was written
 * @param condition what it says
 */
public record Constraint(String name, String text, Condition condition) {

  /**
   * Reads {@code if … then …} or a bare condition.
   *
   * @throws InvalidSpace if the text is neither; says where
   */
  public static Constraint parse(String text) {
    return new Constraint("", text, new ConditionParser(text).rule());
  }

  /**
   * Reads the halves of a rule.
   *
   * @throws InvalidSpace if one of them is no condition
   */
  public static Constraint rule(String name, String premise, String conclusion) {
    return new Constraint(
        name,
        "if %s then %s".formatted(premise, conclusion),
        implies(
            new ConditionParser(premise).condition(), new ConditionParser(conclusion).condition()));
  }

  /**
   * At most one of some things holds.
   *
   * @param members names of dimensions, which must not be switched on together, or conditions
   * @throws InvalidSpace if one of them is neither
   */
  public static Constraint exclusive(String name, List<String> members) {
    List<Condition> pairs = new ArrayList<>();
    List<Condition> all = members.stream().map(one -> new ConditionParser(one).member()).toList();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        pairs.add(new Condition.Not(new Condition.All(List.of(all.get(i), all.get(j)))));
      }
    }
    return new Constraint(name, "mutually_exclusive: " + members, new Condition.All(pairs));
  }

  static Condition implies(Condition premise, Condition conclusion) {
    return new Condition.Any(List.of(new Condition.Not(premise), conclusion));
  }

  @Override
  public String toString() {
    return name.isEmpty() ? text : name + ": " + text;
  }
}
