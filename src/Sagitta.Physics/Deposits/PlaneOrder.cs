namespace Sagitta.Physics.Deposits;

/// <summary>The deposits of one event plane by plane, those of a plane in their own order. Reused from event to event; not
/// thread-safe.</summary>
/// <param name="planes">How many planes there are.</param>
internal sealed class PlaneOrder(int planes)
{
    private readonly int[] _offsets = new int[planes + 2];
    private int[] _deposits = [];

    /// <summary>Indices of the deposits in a plane.</summary>
    public ReadOnlySpan<int> In(int plane) => _deposits.AsSpan(_offsets[plane].._offsets[plane + 1]);

    /// <summary>Sorts deposits <paramref name="begin"/> to <paramref name="end"/> of a list, by counting.</summary>
    public void Sort(DepositList deposits, int begin, int end)
    {
        ReadOnlySpan<byte> plane = deposits.Plane;
        if (_deposits.Length < end - begin)
        {
            _deposits = new int[Math.Max(end - begin, 2 * _deposits.Length)];
        }

        // Counted two places on: filling then moves each plane's entry from its beginning to its end, which is where the next one's begins.
        Array.Clear(_offsets);
        for (int i = begin; i < end; i++)
        {
            _offsets[plane[i] + 2]++;
        }

        for (int p = 2; p < _offsets.Length; p++)
        {
            _offsets[p] += _offsets[p - 1];
        }

        for (int i = begin; i < end; i++)
        {
            _deposits[_offsets[plane[i] + 1]++] = i;
        }
    }
}
