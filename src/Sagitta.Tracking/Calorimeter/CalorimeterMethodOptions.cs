using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Sagitta.Tracking.Calorimeter;

/// <summary>One way to train.</summary>
internal sealed record CalorimeterMethodOptions
{
    /// <summary>What the loss is.</summary>
    public CalorimeterMethodKind Name { get; init; }

    /// <summary>Interpolation factor of the assignment's gradient; 0 for predict-then-track.</summary>
    [Range(0, 1e9)]
    public double Lambda { get; init; }

    /// <summary>When above zero, lambda is scaled in each backward pass so that the largest change of a cost is this.</summary>
    [Range(0, 1e6)]
    public double LargestChange { get; init; }

    /// <summary>Whether the loss is divided by the frames of a step before the backward solve, as published; it shrinks lambda's reach as
    /// much.</summary>
    public bool ScaleBeforeSolving { get; init; } = true;

    /// <summary>Whether the difference of the two solutions is divided by lambda, as the derivation has it; the published code does
    /// not.</summary>
    public bool DivideByLambda { get; init; }

    /// <summary>Whether moved costs are cut off at zero; by default as published, where lambda is set, and not where it is
    /// scaled.</summary>
    public bool? ClipAtZero { get; init; }

    /// <summary>Share of the steps, from the first on, that train on cross-entropy before the Hamming loss takes over.</summary>
    [Range(0.0, 1.0)]
    public double CrossEntropyStart { get; init; }

    /// <summary>Weight of the cross-entropy added to the Hamming loss.</summary>
    [Range(0, 1e6)]
    public double CrossEntropyShare { get; init; }

    /// <summary>Weight of the error of ranges added to the Hamming loss (RangeLoss); the
    /// range fit is differentiated through the assignment too.</summary>
    [Range(0, 1e6)]
    public double RangeWeight { get; init; }

    /// <summary>Largest norm of the gradient that one track's range may bring to segments, before <see cref="RangeWeight"/> and the mean
    /// over tracks; 0 for no limit.</summary>
    [Range(0, 1e9)]
    public double RangeClip { get; init; } = 1;

    /// <summary>Margin on costs in training.</summary>
    [Range(0, 1e3)]
    public double Margin { get; init; }

    /// <summary>Short name for folders and tables; settings that are not the defaults show in it.</summary>
    internal string Label
    {
        get
        {
            if (Name == CalorimeterMethodKind.PredictThenTrack)
            {
                return "ptt";
            }

            StringBuilder label = new(BriefLabel);
            label.Append(CultureInfo.InvariantCulture, $"{(LargestChange > 0 ? $"-{LargestChange}" : "")}");
            label.Append(ScaleBeforeSolving || LargestChange > 0 ? "" : "-whole");
            label.Append(DivideByLambda ? "-divided" : "");
            label.Append(ClipAtZero is { } clip && clip != LargestChange <= 0 ? clip ? "-clipped" : "-unclipped" : "");
            label.Append(CultureInfo.InvariantCulture, $"{(CrossEntropyStart > 0 ? $"-start-{CrossEntropyStart}" : "")}");
            label.Append(CultureInfo.InvariantCulture, $"{(CrossEntropyShare > 0 ? $"-entropy-{CrossEntropyShare}" : "")}");
            label.Append(CultureInfo.InvariantCulture, $"{(RangeWeight > 0 ? $"-range-{RangeWeight}" : "")}");
            label.Append(CultureInfo.InvariantCulture, $"{(RangeWeight > 0 && RangeClip != 1 ? $"-clip-{RangeClip}" : "")}");
            label.Append(CultureInfo.InvariantCulture, $"{(Margin != 0 ? $"-margin-{Margin}" : "")}");
            return label.ToString();
        }
    }

    /// <summary>The label without the settings that rarely differ: "ptt", "pat-25", "pat-scaled".</summary>
    internal string BriefLabel => Name == CalorimeterMethodKind.PredictThenTrack ? "ptt" : LargestChange > 0 ? "pat-scaled"
        : string.Create(CultureInfo.InvariantCulture, $"pat-{Lambda}");

    /// <summary>Name of the kind for tables and summaries: "predict-then-track".</summary>
    internal string KindName => OptionNames.OfValue(Name.ToString());

    /// <summary>How the assignment is differentiated.</summary>
    internal AssignmentOptions Assignment => new()
    {
        Lambda = Lambda,
        LargestChange = LargestChange,
        DivideByLambda = DivideByLambda,
        ClipAtZero = ClipAtZero ?? LargestChange <= 0,
        Margin = Margin,
    };
}

/// <summary>What a segment network is trained to.</summary>
internal enum CalorimeterMethodKind
{
    /// <summary>Cross-entropy of scores; tracks are found afterwards.</summary>
    PredictThenTrack,

    /// <summary>Hamming distance of the assignment that makes the tracks.</summary>
    PredictAndTrack,
}
