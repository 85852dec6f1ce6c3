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
    public ImplicitSolution Apply(
        Tensor<double> centroid,
        Tensor<double> sigma,
        Tensor<double> presence,
        PlaneShifts shifts,
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
