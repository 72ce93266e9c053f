package dev.belay.chaos.inject;

import dev.belay.chaos.inject.PolicyRefused.Reason;
import java.util.regex.Pattern;

/** What only some operations ask of a policy: a plain name, a version, and one that grows. */
final class PolicyNames {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{1,61}[A-Za-z0-9_])");
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}");

  private PolicyNames() {}

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new PolicyRefused(
          Reason.INVALID,
          ("metadata.name must be 3 to 63 letters, digits, underscores and hyphens, with no hyphen"
                  + " at either end, was '%s'")
              .formatted(name));
    }
  }

  static void checkVersion(String version) {
    if (!VERSION.matcher(version).matches()) {
      throw new PolicyRefused(
          Reason.INVALID,
          "metadata.version must be three numbers such as 1.0.0, was '%s'".formatted(version));
    }
  }

  /** A stored policy without a version is older than any. */
  static void checkGreater(String next, String before) {
    checkVersion(next);
    if (VERSION.matcher(before).matches() && compare(next, before) <= 0) {
      throw new PolicyRefused(
          Reason.INVALID,
          "metadata.version must be greater than %s, was %s".formatted(before, next));
    }
  }

  private static int compare(String one, String other) {
    String[] left = one.split("\\.", -1);
    String[] right = other.split("\\.", -1);
    for (int i = 0; i < left.length; i++) {
      int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
