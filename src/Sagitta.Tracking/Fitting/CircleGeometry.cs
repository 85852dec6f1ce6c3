namespace Sagitta.Tracking.Fitting;

/// <summary>What a circle fit needs of a detector: where its planes are and how curvature follows from charge over momentum.</summary>
internal sealed class CircleGeometry
{
    /// <summary>Curvature in 1/mm of a unit charge of 1 GeV in 1 T: the speed of light in 10^12 mm/s.</summary>
    public const double CurvaturePerTesla = 0.299792458e-3;

    private readonly double[] _z;

    /// <summary>Planes at <paramref name="z"/> (mm) in a field of <paramref name="fieldTesla"/> along +x.</summary>
    public CircleGeometry(ReadOnlySpan<double> z, double fieldTesla)
    {
        if (fieldTesla == 0 || !double.IsFinite(fieldTesla))
        {
            throw new ArgumentOutOfRangeException(nameof(fieldTesla), fieldTesla, "A momentum needs a field that is finite and not zero.");
        }

        _z = z.ToArray();
        CurvaturePerQOverPt = CurvaturePerTesla * fieldTesla;
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

        return new(z, CurvaturePerQOverPt / CurvaturePerTesla);
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
