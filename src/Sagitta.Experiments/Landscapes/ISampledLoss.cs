namespace Sagitta.Experiments.Landscapes;

/// <summary>A loss that is a mean over items (frames, groups of events), each with a gradient of its own: what training of a curve draws
/// from.</summary>
internal interface ISampledLoss
{
    /// <summary>Layout of the parameters.</summary>
    ParameterLayout Layout { get; }

    /// <summary>Number of items.</summary>
    int Items { get; }

    /// <summary>Adds the gradient of share times an item's loss; returns the item's loss.</summary>
    /// <param name="item">Which item.</param>
    /// <param name="worker">Number of the thread: it chooses scratch memory and nothing else.</param>
    /// <param name="share">Factor of the loss before it is differentiated.</param>
    /// <param name="parameters">Where.</param>
    /// <param name="gradient">What is added to.</param>
    double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient);
}
