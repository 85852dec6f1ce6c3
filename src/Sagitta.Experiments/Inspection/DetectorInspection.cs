namespace Sagitta.Experiments.Inspection;

/// <summary>Says what a detector can measure: its planes, its material, and the Cramer-Rao bound on momentum with and without a
/// vertex.</summary>
/// <param name="PlaneSigma">Resolution of a plane, mm.</param>
/// <param name="VertexSigma">Error of y at z = 0 where a vertex constrains the track, mm.</param>
/// <param name="Momenta">pT in GeV at which the bound is stated.</param>
internal sealed record DetectorInspection(double PlaneSigma, double VertexSigma, IReadOnlyList<double> Momenta)
{
    /// <summary>Lines about the detector of a file or of a shipped name. A momentum whose circle does not reach the last plane has no
    /// bound.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public IEnumerable<string> Describe(string pathOrName)
    {
        Detector detector = DetectorFile.Load(pathOrName);
        TrackMaterial material = new(detector);
        ResolutionLimit free = new(detector, PlaneSigma);
        ResolutionLimit constrained = new(detector, PlaneSigma, VertexSigma);
        List<string> lines =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"{detector.Name}: {detector.Planes.Count} planes in {detector.StationCount} stations, z from "
                + $"{detector.Planes[0].Z:0.##} to {detector.Planes[^1].Z:0.##} mm, {detector.FieldTesla:0.##} T"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"material up to the last plane: {material.TotalRadiationLengths:0.0000} radiation lengths, median loss "
                + $"{1000 * material.MedianLoss:0.00} MeV"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"limit of the relative error of q/pT (Cramer-Rao), planes of {PlaneSigma:0.###} mm; with y at z = 0 known to "
                + $"{VertexSigma:0.###} mm"),
        ];
        foreach (double pt in Momenta)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{pt,8:0.##} GeV  {Percent(free.Relative(pt)),9}  {Percent(constrained.Relative(pt)),9}"));
        }

        return lines;
    }

    private static string Percent(double relative) => double.IsNaN(relative) ? "-"
        : (100 * relative).ToString("0.000", CultureInfo.InvariantCulture) + " %";
}
