namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Where a batch falls into chunks. Borders follow from its length and the options alone, never from threads, so that they may be part of
/// the result. Tapered (as in the factoring of Hummel, Schonberg and Flynn, CACM 35, 1992, but fixed beforehand), a batch ends in four
/// chunks of one event, four of two before these and so on up to the full size: no thread waits long for the last chunk of another.
/// </summary>
internal sealed class BatchChunks
{
    private const int ChunksOfSize = 4;
    private readonly int _size;
    private readonly bool _tapered;
    private readonly int[] _borders;
    private int _length;

    /// <summary>Room for batches of up to <paramref name="largest"/> events in chunks of up to <paramref name="size"/>, laid out for the
    /// largest.</summary>
    public BatchChunks(int largest, int size, bool tapered)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _size = size;
        _tapered = tapered;
        _borders = new int[largest + 1];
        Divide(largest);
    }

    /// <summary>Chunks of the batch; a shorter batch never has more.</summary>
    public int Count { get; private set; }

    /// <summary>The events of a chunk, as places in the batch.</summary>
    public Range this[int chunk] => _borders[chunk].._borders[chunk + 1];

    /// <summary>Lays out a batch of so many events.</summary>
    public void Divide(int length)
    {
        if (length == _length)
        {
            return;
        }

        _length = length;
        Count = 0;
        if (_tapered)
        {
            DivideFromEnd(length);
        }
        else
        {
            for (int first = 0; first < length; first += _size)
            {
                _borders[Count++] = first;
            }
        }

        _borders[Count] = length;
    }

    // What is left over becomes the first chunk, so that the end is alike for all lengths.
    private void DivideFromEnd(int length)
    {
        int size = 1;
        for (int first = length; first > 0; Count++)
        {
            first = Math.Max(0, first - size);
            _borders[Count] = first;
            if (Count % ChunksOfSize == ChunksOfSize - 1)
            {
                size = Math.Min(2 * size, _size);
            }
        }

        _borders.AsSpan(0, Count).Reverse();
    }
}
