namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The second pass of a fit: full covariance (measurement and multiple scattering between planes) and loss of energy, about the momentum of
/// the diagonal fit. Gradients flow through that momentum too. The q/pT is that at z = 0.
/// </summary>
internal sealed class CorrelatedFit
{
    private readonly ImplicitSolve<CorrelatedCircleProblem> _solve;

    /// <summary>A fit for a detector's planes and material.</summary>
    public CorrelatedFit(CircleGeometry geometry, TrackMaterial material, CircleFitOptions? options = null)
    {
        if (geometry.PlaneCount != material.PlaneCount)
        {
            throw new ArgumentException(
                $"Geometry of {geometry.PlaneCount} planes with material of {material.PlaneCount}: take both from one detector.", nameof(
                material));
        }

        Geometry = geometry;
        Material = material;
        Options = options ?? new();
        _solve = new(new CorrelatedSolver(), new CorrelatedAdjoint());
    }

    /// <summary>Planes and field.</summary>
    public CircleGeometry Geometry { get; }

    /// <summary>Scattering and loss.</summary>
    public TrackMaterial Material { get; }

    /// <summary>Settings.</summary>
    public CircleFitOptions Options { get; }

    /// <summary>Refits every row about <paramref name="track"/>, the tracks of a <see cref="CircleFit"/> of the same clusters; events that
    /// failed there fail here.</summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, Tensor<double> track) =>
        Apply(centroid, sigma, presence, PlaneShifts.None(centroid.Tape, Geometry.PlaneCount), track);

    /// <summary>The same with shifts of the planes, which take their material along.</summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, PlaneShifts shifts,
        Tensor<double> track)
    {
        int planes = Geometry.PlaneCount;
        if (centroid.Columns != planes || sigma.Length != centroid.Length || presence.Length != centroid.Length
            || track.Rows != centroid.Rows || track.Columns != TrackParameter.Count)
        {
            throw new ArgumentException(
                $"A fit of {planes} planes needs clusters of events x {planes} and tracks of events x {TrackParameter.Count}; got "
                    + $"{centroid.Rows} x {centroid.Columns} and {track.Rows} x {track.Columns}.",
                nameof(centroid));
        }

        shifts.Require(planes);
        return _solve.Apply(new CorrelatedCircleProblem(Geometry, Material, centroid.Rows, Options), centroid, sigma, presence, shifts.Z,
            shifts.Y, track);
    }
}

/// <summary>The tensor that a fit with full covariance depends on besides those of <see cref="CircleFitInput"/>.</summary>
internal static class CorrelatedFitInput
{
    /// <summary>Events x 3: the converged diagonal fit, whose q/pT sets scattering and loss of energy.</summary>
    public const int Track = CircleFitInput.Count;

    /// <summary>How many there are in all.</summary>
    public const int Count = CircleFitInput.Count + 1;
}

/// <summary>
/// The circle fit with full covariance: theta minimises S = r^T V^-1 r with r_i = q_i(theta) + delta_i - C_i and V = diag(sigma_i^2 / p_i)
/// + m^2 U. U is the scattering of 1 GeV, delta_i = f m |m| B_i the median loss of energy as extra bending, and m = q/pT of the converged
/// diagonal fit, an input that is differentiated. U and B move with the planes, see <see cref="TrackMaterial.At"/>. V^-1 is W^1/2 (1 +
/// W^1/2 m^2 U W^1/2)^-1 W^1/2 with W = diag(p / sigma^2), which stays regular when planes leave.
/// </summary>
/// <param name="Geometry">Planes and field.</param>
/// <param name="Material">Scattering and loss.</param>
/// <param name="Items">Number of events.</param>
/// <param name="Options">What counts as too few planes.</param>
internal readonly record struct CorrelatedCircleProblem(
    CircleGeometry Geometry, TrackMaterial Material, int Items, CircleFitOptions Options) : IImplicitProblem
{
    public int Unknowns => TrackParameter.Count;
}

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
