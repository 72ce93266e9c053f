/**
 * Ways to choose the endpoint of the next attempt. The set is open: a strategy of your own is a
 * class that implements {@link dev.belay.Selection}.
 *
 * {@snippet :
 * final class CheapestFirst implements Selection {
 *   public <E extends Endpoint> E select(List<E> candidates, Call call) {
 *     return Collections.min(candidates, Comparator.comparingDouble(e -> e.traits().cost()));
 *   }
 * }
 * }
 *
 * <p>Hand it to {@link dev.belay.Pool#of} or, while calls run, to {@link dev.belay.Pool#chooseBy}.
 */
@org.jspecify.annotations.NullMarked
package dev.belay.select;
