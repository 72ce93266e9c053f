package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.List;

/**
 * Filters one after another, then a strategy for those that are left. A filter that would leave
 * none is ignored, so the most important one comes first. Safe for any number of threads if its
 * parts are.
 */
public final class Composite implements Selection {
  private final List<Filter> filters;
  private final Selection selector;

  /** Applies {@code filters} in order, any number of them, then {@code selector}. */
  public Composite(List<Filter> filters, Selection selector) {
    this.filters = List.copyOf(filters);
    this.selector = requireNonNull(selector, "selector");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    List<E> left = candidates;
    for (Filter filter : filters) {
      left = filter.narrow(left, call);
    }
    return selector.select(left, call);
  }
}
