namespace Sagitta.Tracking.Fitting;

/// <summary>
/// What the material of a detector does to a track between its planes, for a fit: the covariance of the y measured at them by multiple
/// scattering, and the extra bending by the loss of energy. Straight-line lever arms from z = 0, the loss that of a muon's arc; equations
/// in docs/method.md.
/// </summary>
internal sealed class TrackMaterial
{
    // Radiation length of dry air at 20 degrees and one atmosphere, mm: for detectors written without materials.
    private const double AirRadiationLength = 303_921;

    // The median of Landau's distribution is the restricted mean loss with this cut in units of xi: ln of it is 0.200 for the most
    // probable loss (PDG, eq. 34.12) and 1.58 from the mode to the median. Medians of layers do not add: xi is that of all material, and
    // then the layers' parts do, as Landau's distribution is stable.
    internal const double MedianCut = 5.93;

    // A muon that turns more than this leaves the planes.
    private const double LargestSine = 0.98;

    private readonly double[] _z;
    private readonly MaterialPiece[] _pieces;
    private readonly double _strength;
    private readonly double[] _scattering;
    private readonly double[] _bending;

    /// <summary>
    /// The material of a detector: its slabs, or, where its file lists none, its planes' radiation lengths with air between. Loss of energy
    /// is known for slabs only.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="lossMomentum">Momentum at which the loss is taken, GeV; it hardly depends on it.</param>
    public TrackMaterial(Detector detector, double lossMomentum = 10)
        : this([.. detector.Planes.Select(plane => plane.Z)], Pieces(detector, lossMomentum), null)
    {
    }

    // Highland's logarithm is that of the pieces unless another strength of scattering is given.
    private TrackMaterial(double[] z, MaterialPiece[] pieces, double? strength)
    {
        int n = z.Length;
        PlaneCount = n;
        _z = z;
        _pieces = pieces;
        _scattering = new double[n * n];
        _bending = new double[n];
        foreach (MaterialPiece piece in pieces)
        {
            TotalRadiationLengths += piece.Thickness * piece.InverseRadiationLength;
            MedianLoss += piece.Thickness * piece.Loss;
            piece.AddScattering(z, _scattering);
            piece.AddBending(z, _bending);
        }

        double root = TotalRadiationLengths > 0 ? Highland.Energy * (1 + (Highland.LogarithmFactor * Math.Log(TotalRadiationLengths))) : 0;
        _strength = strength ?? (root * root);
        foreach (ref double value in _scattering.AsSpan())
        {
            value *= _strength;
        }
    }

    /// <summary>Number of planes.</summary>
    public int PlaneCount { get; }

    /// <summary>Material from z = 0 to the last plane's centre, in radiation lengths.</summary>
    public double TotalRadiationLengths { get; private set; }

    /// <summary>What Highland's logarithm adds to the relative change of <see cref="Scattering"/> when the last plane moves along z, 1/mm:
    /// it alone changes how much medium lies before it. <see cref="PullBack"/> leaves this out, as <see cref="At"/> does.</summary>
    public double LogarithmByLastPlane
    {
        get
        {
            if (!(TotalRadiationLengths > 0))
            {
                return 0;
            }

            // Material is linear in z, so that a millimetre tells the derivative.
            double[] moved = new double[PlaneCount];
            moved[^1] = 1;
            double more = At(moved).TotalRadiationLengths - TotalRadiationLengths;
            return 2 * Highland.LogarithmFactor * more
                / (TotalRadiationLengths * (1 + (Highland.LogarithmFactor * Math.Log(TotalRadiationLengths))));
        }
    }

    /// <summary>Median loss of energy up to the last plane, GeV, of a muon that leaves z = 0 along z.</summary>
    public double MedianLoss { get; private set; }

    /// <summary>
    /// Covariance of y by scattering in mm^2 (planes x planes, row-major) for a momentum of 1 GeV; it falls with 1 / p^2. Highland's
    /// formula with one logarithm of all material, so that the variances of its parts add.
    /// </summary>
    public ReadOnlySpan<double> Scattering => _scattering;

    /// <summary>
    /// Per plane, the integral of (z_i - z) E(z) with E the median loss before z, in GeV mm^2: a track whose curvature at z = 0 is
    /// kappa is further along its bend at plane i by kappa / p times this.
    /// </summary>
    public ReadOnlySpan<double> Bending => _bending;

    /// <summary>
    /// The material after planes have moved along z by <paramref name="planeZ"/> (mm, small enough to keep their order): gaps and supports
    /// move with their planes, the medium between gives way. Highland's logarithm and the loss per length stay those of the nominal places.
    /// </summary>
    public TrackMaterial At(ReadOnlySpan<double> planeZ)
    {
        if (planeZ.IndexOfAnyExcept(0.0) < 0)
        {
            return this;
        }

        double[] z = new double[PlaneCount];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = _z[i] + planeZ[i];
        }

        MaterialPiece[] pieces = new MaterialPiece[_pieces.Length];
        for (int k = 0; k < pieces.Length; k++)
        {
            pieces[k] = _pieces[k].Moved(planeZ);
        }

        return new(z, pieces, _strength);
    }

    /// <summary>
    /// Adds to <paramref name="toZ"/> the gradient by the planes' z of what depends on <see cref="Scattering"/> and <see cref="Bending"/>
    /// with the gradients <paramref name="onScattering"/> (planes x planes) and <paramref name="onBending"/>.
    /// </summary>
    public void PullBack(ReadOnlySpan<double> onScattering, ReadOnlySpan<double> onBending, Span<double> toZ)
    {
        Span<double> scaled = stackalloc double[PlaneCount * PlaneCount];
        for (int k = 0; k < scaled.Length; k++)
        {
            scaled[k] = _strength * onScattering[k];
        }

        foreach (MaterialPiece piece in _pieces)
        {
            piece.AddScatteringGradient(_z, scaled, toZ);
            piece.AddBendingGradient(_z, onBending, toZ);
        }
    }

    private static MaterialPiece[] Pieces(Detector detector, double lossMomentum)
    {
        int n = detector.Planes.Count;
        double last = n == 0 ? 0 : detector.Planes[n - 1].Z;
        IReadOnlyList<TraversedSlab> slabs = detector.Materials.Count == 0 ? [] : detector.TraversedMaterial();
        List<MaterialPiece> pieces = [];
        if (slabs.Count == 0)
        {
            pieces.Add(new(0, last, -1, n - 1, 1 / AirRadiationLength, 0));
            for (int k = 0; k < n - 1; k++)
            {
                pieces.Add(new(detector.Planes[k].Z, 1e-9, k, k, detector.Planes[k].RadiationLengths / 1e-9, 0));
            }

            return [.. pieces];
        }

        double strength = 0;
        foreach (TraversedSlab slab in slabs)
        {
            double thickness = Math.Max(0, Math.Min(slab.End, last) - slab.Start);
            strength += thickness * Slant(detector, lossMomentum, slab.Start + (thickness / 2)) * BetheLoss.Strength(slab.Material, 1);
        }

        int plane = -1;
        foreach (TraversedSlab slab in slabs)
        {
            double thickness = Math.Min(slab.End, last) - slab.Start;
            bool between = slab.PartOfPlane < 0;
            plane = between ? plane : slab.PartOfPlane;
            if (thickness > 0)
            {
                double slant = Slant(detector, lossMomentum, slab.Start + (thickness / 2));
                double loss = slant * BetheLoss.Restricted(slab.Material, lossMomentum, MedianCut * strength);
                pieces.Add(new(slab.Start, thickness, plane, between ? plane + 1 : plane, 1 / slab.Material.RadiationLength, loss));
            }
        }

        return [.. pieces];
    }

    // Path per z of a muon that leaves z = 0 along z.
    private static double Slant(Detector detector, double momentum, double z)
    {
        double sine = Math.Min(Math.Abs(CircleTrack.CurvatureOf(1 / momentum, detector.FieldTesla)) * z, LargestSine);
        return 1 / Math.Sqrt(1 - (sine * sine));
    }
}
