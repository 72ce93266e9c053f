package dev.belay.examples.home;

/** The flaws that can be planted in the home page. Without them, it bears whatever fails. */
public enum Flaw {
  /**
   * The gateway waits for the profile less long than the profile may take, and cannot do without.
   */
  HASTY_PROFILE(1),
  /** The profile knows what to do when the mapper breaks, but not when it is not available. */
  MAPPER_NOT_AVAILABLE(1),
  /** What fails at one server of lists is asked of the same server again. */
  SAME_LIST_SERVER(1),
  /** Titles that the catalogue does not know are said not to exist, and the page with them. */
  UNKNOWN_TITLE_LEAKS(2),
  /** What is popular is all that stands in for bookmarks. */
  BOOKMARKS_NEED_TRENDING(2),
  /** Telemetry, which is a favour, is asked again and again while it is slow. */
  TELEMETRY_IS_AWAITED(2),
  /** Nobody's page without ratings shows children what is not for them. */
  UNRATED_FOR_CHILDREN(2),
  /** What is popular is also the last that stands in for recommendations. */
  RECOMMENDATIONS_NEED_TRENDING(3);

  private final int order;

  Flaw(int order) {
    this.order = order;
  }

  /** How many faults it takes. */
  public int order() {
    return order;
  }
}
