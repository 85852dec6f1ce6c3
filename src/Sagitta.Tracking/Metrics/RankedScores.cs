namespace Sagitta.Tracking.Metrics;

/// <summary>Scores in ascending order with their labels and places, sorted once for everything that looks at ranks. NaN ranks below all
/// others.</summary>
internal sealed class RankedScores
{
    private readonly float[] _keys;
    private readonly int[] _places;
    private readonly byte[] _labels;

    /// <summary>Ranks scores; labels are 1 (positive) or 0.</summary>
    public RankedScores(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels.", nameof(labels));
        }

        _keys = new float[scores.Length];
        _places = new int[scores.Length];
        _labels = new byte[scores.Length];
        for (int i = 0; i < _keys.Length; i++)
        {
            _keys[i] = float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i];
            _places[i] = i;
        }

        Array.Sort(_keys, _places);
        for (int i = 0; i < _labels.Length; i++)
        {
            _labels[i] = labels[_places[i]];
            Positives += _labels[i];
        }
    }

    /// <summary>Number of scores.</summary>
    public int Count => _keys.Length;

    /// <summary>Number with label 1.</summary>
    public long Positives { get; }

    /// <summary>Number with label 0.</summary>
    public long Negatives => Count - Positives;

    /// <summary>The score at a rank, 0 the lowest.</summary>
    public float Score(int rank) => _keys[rank];

    /// <summary>The label at a rank.</summary>
    public byte Label(int rank) => _labels[rank];

    /// <summary>Where the score of a rank stood before sorting.</summary>
    public int Place(int rank) => _places[rank];

    /// <summary>The lowest rank with the same score as <paramref name="rank"/>.</summary>
    public int FirstTied(int rank)
    {
        float key = _keys[rank];
        while (rank > 0 && _keys[rank - 1] == key)
        {
            rank--;
        }

        return rank;
    }

    /// <summary>Labels 1 among the ranks from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public int PositivesIn(int first, int end)
    {
        int count = 0;
        for (int rank = first; rank < end; rank++)
        {
            count += _labels[rank];
        }

        return count;
    }
}
