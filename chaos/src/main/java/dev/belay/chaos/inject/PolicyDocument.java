package dev.belay.chaos.inject;

import dev.belay.chaos.inject.PolicyRefused.Reason;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import dev.belay.settings.ConfigException;
import dev.belay.settings.Node;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies as text, JSON or YAML. Keys that nobody knows are refused: they might be a limit. */
public final class PolicyDocument {
  private PolicyDocument() {}

  /**
   * The policy of a text.
   *
   * @param text JSON if it begins with a brace, YAML otherwise
   * @throws PolicyRefused if it is no policy; says where
   */
  public static Policy read(String text) {
    try {
      return read(tree(text));
    } catch (WireException wrong) {
      throw new PolicyRefused(Reason.MALFORMED, String.valueOf(wrong.getMessage()));
    } catch (ConfigException wrong) {
      throw new PolicyRefused(Reason.MALFORMED, String.valueOf(wrong.getMessage()));
    }
  }

  /**
   * The policy of a tree.
   *
   * @throws PolicyRefused if it is none; says where
   */
  public static Policy read(Tree tree) {
    try {
      return PolicyTree.read(tree);
    } catch (WireException wrong) {
      throw new PolicyRefused(Reason.MALFORMED, String.valueOf(wrong.getMessage()));
    } catch (IllegalArgumentException wrong) {
      throw new PolicyRefused(Reason.INVALID, String.valueOf(wrong.getMessage()));
    }
  }

  private static Tree tree(String text) {
    if (text.stripLeading().startsWith("{")) {
      return Json.read(text);
    }
    return Tree.of(plain(YamlTree.read(new Source("policy", Map.of()), text)), "");
  }

  private static @Nullable Object plain(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> plain(mapping);
      case Node.Sequence sequence -> sequence.items().stream().map(PolicyDocument::plain).toList();
      case Node.Scalar scalar ->
          switch (scalar.kind()) {
            case TEXT -> scalar.text();
            case NUMBER -> number(scalar.text());
            case BOOLEAN -> Boolean.valueOf(scalar.text());
            case NULL -> null;
          };
    };
  }

  private static Map<String, @Nullable Object> plain(Node.Mapping mapping) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (Node.Member member : mapping.members()) {
      if (members.containsKey(member.key())) {
        throw new WireException(
            member.key(), "there once, line %d has it again".formatted(member.line()));
      }
      members.put(member.key(), plain(member.value()));
    }
    return members;
  }

  /** What YAML takes for a number and is none here, such as {@code 0x10}, stays a text. */
  private static Object number(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.scale() <= 0 && number.precision() - number.scale() < 19
          ? (Object) number.longValueExact()
          : (Object) number.doubleValue();
    } catch (NumberFormatException none) {
      return text;
    }
  }

  /** A policy as a tree of maps, lists and values. */
  public static Map<String, Object> write(Policy policy) {
    return PolicyTree.write(policy);
  }

  /** A policy as JSON in one line. */
  public static String json(Policy policy) {
    return Json.write(write(policy));
  }

  /** A policy as YAML, for people. */
  public static String yaml(Policy policy) {
    StringBuilder text = new StringBuilder();
    lines(text, "", write(policy));
    return text.toString();
  }

  private static void lines(StringBuilder text, String indent, Map<?, ?> members) {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      text.append(indent).append(member.getKey()).append(':');
      value(text, indent, member.getValue());
    }
  }

  private static void value(StringBuilder text, String indent, Object value) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> text.append(" {}\n");
      case Map<?, ?> map -> {
        text.append('\n');
        lines(text, indent + "  ", map);
      }
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          text.append(' ').append(Json.write(list)).append('\n');
      case List<?> list -> {
        text.append('\n');
        for (Object item : list) {
          item(text, indent + "  ", (Map<?, ?>) item);
        }
      }
      default -> text.append(' ').append(Json.write(value)).append('\n');
    }
  }

  /** An item of a list: a map, with a dash in front of its first line. */
  private static void item(StringBuilder text, String indent, Map<?, ?> item) {
    StringBuilder lines = new StringBuilder();
    lines(lines, indent + "  ", item);
    lines.replace(indent.length(), indent.length() + 1, "-");
    text.append(lines);
  }
}
