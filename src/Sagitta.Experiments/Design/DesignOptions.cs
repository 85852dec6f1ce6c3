namespace Sagitta.Experiments.Design;

/// <summary>Options that "optimise detector" has for every system.</summary>
internal static class DesignOptions
{
    private static readonly double[] _usualMomentum = [50];

    /// <summary>--momentum.</summary>
    public static VerbOption<double[]> Momenta { get; } = VerbOption.Numbers("--momentum", "GEV",
        "Momentum at which the error of q/pT, or q/p, is to become small; repeated, the mean of the errors' logarithms", _usualMomentum, 1,
        1e5);

    /// <summary>A range of two numbers that stands for the marks of a detector file.</summary>
    public static VerbOption<(double Low, double High)?> Range(string name, string description) => new(name, description, null,
        (string text, out (double Low, double High)? value) =>
        {
            string[] ends = text.Split(':');
            bool read = NumberText.TryRead(ends[0], out double low) & NumberText.TryRead(ends[^1], out double high);
            value = (low, high);
            return ends.Length == 2 && read && low <= high ? null : $"'{text}' is no range; give one such as 2000:5100";
        })
    { HelpName = "LOW:HIGH" };
}
