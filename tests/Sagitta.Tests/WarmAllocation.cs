namespace Sagitta.Tests;

/// <summary>
/// What something allocates once it is warm. The runtime compiles hot loops anew on the thread that runs them and allocates for it, so
/// the count is repeated: code that allocates at each call has no quiet round, however many there are.
/// </summary>
internal static class WarmAllocation
{
    private const int Rounds = 40;

    /// <summary>The fewest bytes of a round of <paramref name="repeats"/> calls, by a counter of bytes (by default this
    /// thread's).</summary>
    internal static long Least(Action call, int repeats, Func<long>? bytes = null)
    {
        bytes ??= GC.GetAllocatedBytesForCurrentThread;
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            // Compilation of what was called often begins a tenth of a second later.
            Thread.Sleep(round < 5 ? 120 : 0);
            long before = bytes();
            for (int i = 0; i < repeats; i++)
            {
                call();
            }

            least = Math.Min(least, bytes() - before);
        }

        return least;
    }
}
