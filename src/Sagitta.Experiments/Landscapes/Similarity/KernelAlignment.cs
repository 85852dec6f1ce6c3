namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>
/// Minibatch linear CKA (Nguyen, Raghu, Kornblith, arXiv:2010.15327, equation 3): sums of unbiased estimates over minibatches, normalised
/// by those of each network with itself. 1 for representations that agree up to an orthogonal map and a factor, about 0 for unrelated ones.
/// </summary>
internal sealed class KernelAlignment
{
    private readonly double[] _cross;
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly int _columns;

    /// <summary>An alignment of that many layers of one network with those of another.</summary>
    public KernelAlignment(int firstLayers, int secondLayers)
    {
        _cross = new double[firstLayers * secondLayers];
        _first = new double[firstLayers];
        _second = new double[secondLayers];
        _columns = secondLayers;
    }

    /// <summary>Adds a minibatch: the layers of both networks for the same rows.</summary>
    public void Add(IReadOnlyList<ActivationBatch> first, IReadOnlyList<ActivationBatch> second)
    {
        for (int i = 0; i < first.Count; i++)
        {
            _first[i] += UnbiasedIndependence.Estimate(first[i], first[i]);
            for (int j = 0; j < second.Count; j++)
            {
                _cross[(i * _columns) + j] += UnbiasedIndependence.Estimate(first[i], second[j]);
            }
        }

        for (int j = 0; j < second.Count; j++)
        {
            _second[j] += UnbiasedIndependence.Estimate(second[j], second[j]);
        }
    }

    /// <summary>CKA of layer i of the first with layer j of the second network at i * layers + j; NaN where a layer is constant.</summary>
    public double[] Values()
    {
        double[] values = new double[_cross.Length];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = _cross[k] / Math.Sqrt(_first[k / _columns] * _second[k % _columns]);
        }

        return values;
    }
}
