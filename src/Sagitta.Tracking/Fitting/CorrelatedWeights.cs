namespace Sagitta.Tracking.Fitting;

/// <summary>The inverse covariance of one event's planes, in the form that stays regular when planes have no weight.</summary>
internal readonly ref struct CorrelatedWeights
{
    private readonly Span<double> _factor;
    private readonly Span<double> _roots;
    private readonly Span<double> _work;
    private readonly int _planes;

    public CorrelatedWeights(Span<double> memory, int planes)
    {
        _planes = planes;
        _factor = memory[..(planes * planes)];
        _roots = memory.Slice(planes * planes, planes);
        _work = memory.Slice((planes * planes) + planes, planes);
    }

    /// <summary>Numbers of scratch that it needs.</summary>
    public static int Length(int planes) => (planes * planes) + (2 * planes);

    /// <summary>Factors 1 + W^1/2 m^2 U W^1/2 from an event's weights and the momentum of its diagonal fit.</summary>
    public bool TryFactor(TrackMaterial material, ProblemInputs inputs, int item) =>
        TryFactor(
            material,
            inputs[CircleFitInput.Sigma].Slice(item * _planes, _planes),
            inputs[CircleFitInput.Presence].Slice(item * _planes, _planes),
            inputs[CorrelatedFitInput.Track][(item * TrackParameter.Count) + TrackParameter.QOverPt]);

    /// <summary>The same from an event's own rows.</summary>
    public bool TryFactor(TrackMaterial material, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence, double qOverPt)
    {
        for (int i = 0; i < _planes; i++)
        {
            _roots[i] = Math.Sqrt(presence[i]) / sigma[i];
        }

        for (int i = 0; i < _planes; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                _factor[(i * _planes) + j] = (_roots[i] * _roots[j] * qOverPt * qOverPt * material.Scattering[(i * _planes) + j]) + (
                    i == j ? 1 : 0);
            }
        }

        return SymmetricSystem.TryFactor(_factor, _planes, 0);
    }

    /// <summary>V^-1 times a vector.</summary>
    public void Apply(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (int i = 0; i < _planes; i++)
        {
            _work[i] = _roots[i] * vector[i];
        }

        SymmetricSystem.SolveFactored(_factor, _planes, _work);
        for (int i = 0; i < _planes; i++)
        {
            result[i] = _roots[i] * _work[i];
        }
    }
}
