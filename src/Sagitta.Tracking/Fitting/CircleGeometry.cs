namespace Sagitta.Tracking.Fitting;

/// <summary>What a circle fit needs of a detector: where its planes are and how curvature follows from charge over momentum.</summary>
internal sealed class CircleGeometry
{
    private readonly double[] _z;

    /// <summary>Planes at <paramref name="z"/> (mm) in a field of <paramref name="fieldTesla"/> along +x.</summary>
    public CircleGeometry(ReadOnlySpan<double> z, double fieldTesla)
    {
        if (fieldTesla == 0 || !double.IsFinite(fieldTesla))
        {
            throw new ArgumentOutOfRangeException(nameof(fieldTesla), fieldTesla, "A momentum needs a field that is finite and not zero.");
        }

        _z = z.ToArray();
        CurvaturePerQOverPt = PhysicalConstants.CurvaturePerTesla * fieldTesla;
    }

    /// <summary>z of the planes, mm.</summary>
    public ReadOnlySpan<double> Z => _z;

    /// <summary>Number of planes.</summary>
    public int PlaneCount => _z.Length;

    /// <summary>Curvature (1/mm) for a q/pT of 1/GeV.</summary>
    public double CurvaturePerQOverPt { get; }

    /// <summary>The same field and planes moved along z by <paramref name="planeZ"/> (mm).</summary>
    public CircleGeometry At(ReadOnlySpan<double> planeZ)
    {
        if (planeZ.IndexOfAnyExcept(0.0) < 0)
        {
            return this;
        }

        double[] z = new double[_z.Length];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = _z[i] + planeZ[i];
        }

        return new(z, CurvaturePerQOverPt / PhysicalConstants.CurvaturePerTesla);
    }

    /// <summary>The planes of a detector.</summary>
    public static CircleGeometry Of(Detector detector)
    {
        double[] z = new double[detector.Planes.Count];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = detector.Planes[i].Z;
        }

        return new(z, detector.FieldTesla);
    }
}

/// <summary>
/// Where planes are, relative to their detector file: what alignment and detector studies vary. Every step from clusters to tracks accepts
/// it and passes gradients to it. Shifts along z must keep the planes' order.
/// </summary>
/// <param name="Z">1 x planes, mm: added to the planes' z.</param>
/// <param name="Y">1 x planes, mm: a hit's y is its centroid plus this.</param>
internal readonly record struct PlaneShifts(Tensor<double> Z, Tensor<double> Y)
{
    /// <summary>Planes at their nominal places, towards which no gradient flows.</summary>
    public static PlaneShifts None(Tape<double> tape, int planes)
    {
        Tensor<double> zero = tape.Allocate(1, planes);
        zero.Values.Clear();
        return new(zero, zero);
    }

    internal void Require(int planes)
    {
        if (Z.Rows != 1 || Y.Rows != 1 || Z.Columns != planes || Y.Columns != planes)
        {
            throw new ArgumentException(
                $"Shifts of {planes} planes are 1 x {planes} each, not {Z.Rows} x {Z.Columns} along z and {Y.Rows} x {Y.Columns} along y.");
        }
    }
}
