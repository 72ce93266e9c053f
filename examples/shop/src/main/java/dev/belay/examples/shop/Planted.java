package dev.belay.examples.shop;

/** The defects that can be planted in the shop. Without them, it bears all single faults. */
public enum Planted {
  /** Pricing has no default for the tax. */
  TAX_WITHOUT_FALLBACK(1),
  /** Pricing takes the body of a 429 of promo for a discount of everything. */
  PROMO_LIMIT_IS_FREE(1),
  /** The edge asks recommendation once more when it is slow already. */
  RECOMMENDATION_TWICE(1),
  /** The edge gives up when neither inventory answers. */
  NO_STOCK_AT_ALL(2),
  /** The edge knows no price but that of the cache when pricing is slow. */
  SLOW_PRICE_NO_CACHE(2),
  /** Two slow payment services are asked again and again. */
  PAYMENT_STORM(2),
  /** What stands in for a broken cart must be written to audit. */
  CART_NEEDS_AUDIT(2),
  /** Payment B charges what A has charged when it cannot look it up. */
  CHARGED_TWICE(2),
  /** What stands in for a catalogue has nothing to stand in for itself. */
  NOTHING_TO_SHOW(3),
  /** Threads that wait for stock and tax are those that answer everybody else. */
  POOL_RUNS_DRY(3),
  /** Stock that is gone between the look and the reservation is paid already. */
  GONE_BEFORE_USE(1),
  /** The estimate that stands in for shipping is wrong in 3 of 10 cases. */
  SHIPPING_GUESS(1);

  private final int order;

  Planted(int order) {
    this.order = order;
  }

  /** How many faults it takes. */
  public int order() {
    return order;
  }
}
