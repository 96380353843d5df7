# %% [markdown]
# # What a filter sees
#
# A convolutional network looks at a picture through small windows. The size of the window, its step and
# the number of windows are hyperparameters that no other model has. Before we tune them in
# [12b](12b_tuning_a_convolutional_network.ipynb), we compute them by hand, and ask whether such a network
# beats a forest at all.
#
# **You will** slide a kernel over a picture in NumPy and get the numbers of Keras, count what kernel size, stride and
# filters cost, and judge a classifier of ten classes by accuracy, precision and its confusions.
#
# **Know first:** [11a Training a network](11a_training_a_network.ipynb). **Time:** 35 minutes.

# %% [markdown]
# This lesson needs Keras. The first cell says so in one line if it is missing, and how to add it. Our pictures
# are 14 × 14 pixels of clothes from [Fashion-MNIST](https://arxiv.org/abs/1708.07747), in ten classes. We train on
# 1,200 and test on 2,000.

# %%
from tuneup_helpers import FASHION_CLASSES, load_fashion, require_group

require_group("deep")
SEED = 0
X_train, X_test, y_train, y_test = load_fashion(1200)
print("to train:", X_train.shape, "to test:", X_test.shape)

# %% tags=["figure"]
import matplotlib.pyplot as plt
import numpy as np

fig, axes = plt.subplots(2, 5, figsize=(7.6, 3.6))
for label, ax in enumerate(axes.flat):
    ax.imshow(X_train[y_train == label][0], cmap="gray_r")
    ax.set_title(FASHION_CLASSES[label], fontsize=10)
    ax.axis("off")
fig.suptitle("One picture of each class")
plt.show()

# %% [markdown]
# ## A window that slides
#
# A **kernel** is a small table of numbers. We lay it on a corner of the picture, multiply each pixel by the number on top of
# it, and add up. That is one number of the result. Then the window moves one pixel on, and so forth. How many pixels
# it moves is the **stride**. At the border we either stop when the kernel would stick out, or first
# put zeros around the picture: the **padding**.
#
# The function below is all of it. Its result is called a *feature map*.

# %%
def convolve(picture, kernel, stride=1, padding=0):
    """Return the sums under the kernel, wherever it is laid down."""
    k = len(kernel)
    picture = np.pad(picture, padding)
    size = (len(picture) - k) // stride + 1
    result = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            row, column = i * stride, j * stride
            window = picture[row : row + k, column : column + k]
            result[i, j] = (window * kernel).sum()
    return result


# %% [markdown]
# Two kernels of 3 × 3 on a pullover: one adds what is dark on its right and subtracts what is dark on its
# left, the other does the same from top to bottom.

# %%
upright = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
level = upright.T
picture = X_train[y_train == 2][0]
maps = [convolve(picture, kernel, padding=1) for kernel in (upright, level)]
print("picture", picture.shape, "feature map", maps[0].shape)
print("stride 2:", convolve(picture, upright, stride=2, padding=1).shape)

# %% tags=["figure"]
fig, axes = plt.subplots(1, 3, figsize=(8.4, 3.1))
axes[0].imshow(picture, cmap="gray_r")
for ax, values in zip(axes[1:], maps, strict=True):
    ax.imshow(values, cmap="RdBu_r", vmin=-3, vmax=3)
for ax, name in zip(
    axes, ("the picture", "upright edges", "level edges"), strict=True
):
    ax.set_title(name, fontsize=11)
    ax.axis("off")
fig.suptitle("Each kernel answers to one kind of edge")
plt.show()

# %% [markdown]
# Red and blue are large sums of either sign. The first map lights up along the sleeves and sides, the second along
# collar and hem. A network does not get its kernels from us. It learns them, many at a time, and each one is a **filter**.
#
# Step through the windows of a small corner, with stride 2.

# %%
from tuneup_helpers import FrameStepper

corner = picture[:7, :7]
found = convolve(corner, upright, stride=2)


def draw(fig, step):
    left, right = fig.subplots(1, 2)
    i, j = divmod(step, 3)
    left.imshow(corner, cmap="gray_r", vmin=0, vmax=1)
    box = plt.Rectangle((2 * j - 0.5, 2 * i - 0.5), 3, 3, fill=False)
    box.set(edgecolor="#D55E00", linewidth=3)
    left.add_patch(box)
    seen = np.where(np.arange(9).reshape(3, 3) <= step, found, np.nan)
    right.imshow(seen, cmap="RdBu_r", vmin=-3, vmax=3)
    right.text(j, i, f"{found[i, j]:.2f}", ha="center", va="center")
    left.set_title("the window on the picture")
    right.set_title("the sum it gives")
    return f"Row {i + 1}, column {j + 1} of the feature map: {found[i, j]:.2f}"


FrameStepper.draw(
    draw, range(9), figsize=(6, 3), alt="A window slides over a picture"
)

# %% [markdown]
# ## The same numbers in Keras
#
# A convolutional layer does just this, for all pictures and filters at once. We give it our two kernels and compare.
# `padding="same"` puts zeros around the picture.

# %%
import keras

layer = keras.layers.Conv2D(2, 3, padding="same", use_bias=False)
layer.build((None, 14, 14, 1))
layer.set_weights([np.stack([upright, level], axis=-1)[:, :, None, :]])
by_keras = np.asarray(layer(picture[None, :, :, None]))[0]
by_hand = np.stack(maps, axis=-1)
print("the same:", np.allclose(by_keras, by_hand, atol=1e-5))

# %% [markdown]
# After a convolution usually comes **max pooling**. It keeps the largest number of each 2 × 2 block, so that the
# map shrinks to a quarter and small shifts hardly matter.

# %%
by_hand = maps[0].reshape(7, 2, 7, 2).max(axis=(1, 3))
pool = keras.layers.MaxPooling2D()
by_keras = np.asarray(pool(maps[0][None, :, :, None]))[0, :, :, 0]
print("shape", by_hand.shape, "the same:", np.allclose(by_keras, by_hand))

# %% tags=["claim"]
assert np.allclose(by_keras, by_hand, atol=1e-5)
assert np.abs(maps[0][:, 0]).mean() != np.abs(maps[1][:, 0]).mean()
assert convolve(np.ones((5, 5)), np.ones((3, 3))).tolist() == [[9.0] * 3] * 3
assert convolve(picture, upright, stride=2, padding=1).shape == (7, 7)

# %% [markdown]
# **Exercise 12.1.** How large is the feature map? Write the function: the side of a square picture, the side
# of the kernel, stride and padding go in, the side of the map comes out.

# %%
from tuneup_helpers import check


def map_size(n, kernel, stride=1, padding=0):
    return ...


check("12.1", map_size)

# %% [markdown]
# ## What the choices cost
#
# Our network has two convolutions, each followed by pooling, the second with twice the filters, and then ten
# outputs. Instead of pooling, the first may step by 2. This is a complete model.

# %%
def network(filters=8, kernel_size=3, strides=1):
    options = {"padding": "same", "activation": "relu"}
    conv, pool = keras.layers.Conv2D, keras.layers.MaxPooling2D
    layers = [conv(filters, kernel_size, strides=strides, **options)]
    layers += [pool()] if strides == 1 else []
    layers += [conv(2 * filters, kernel_size, **options)]
    layers += [pool()] if strides == 1 else []
    layers += [keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((14, 14, 1)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


# %% [markdown]
# The weights of a filter are few: kernel × kernel × channels that come in. What takes time are the multiplications, since each
# filter is laid down on every pixel.
#
# **Exercise 12.2.** Which change makes the *multiplications* of the two convolutions fewest?
#
# - **a** Half the filters: 4 instead of 8.
# - **b** A kernel of 1 instead of 3.
# - **c** A stride of 2 instead of pooling.

# %%
answer = "..."
check("12.2", answer)

# %%
def multiplications(filters, kernel_size, strides):
    first, second = 14 // strides, 7
    one = first**2 * kernel_size**2 * filters
    return one + second**2 * kernel_size**2 * filters * 2 * filters


cases = [(8, 3, 1), (4, 3, 1), (16, 3, 1), (8, 1, 1), (8, 5, 1), (8, 3, 2)]
print("filters kernel stride  weights  multiplications")
for case in cases:
    weights = network(*case).count_params()
    print(
        f"{case[0]:7} {case[1]:6} {case[2]:6} {weights:8,}"
        f" {multiplications(*case):16,}"
    )

# %% [markdown]
# The kernel counts squared, and so do the filters, since the second layer has twice as many filters and reads twice as many
# maps. A stride of 2 saves only the first layer here. It has *more* weights all the same, because without
# the last pooling more numbers reach the outputs.

# %% tags=["claim"]
price = {case: multiplications(*case) for case in cases}
base = price[8, 3, 1]
assert price[8, 1, 1] == min(price.values()) and base == 9 * price[8, 1, 1]
assert 3 < price[16, 3, 1] / base < 4 and 25 * price[8, 1, 1] == price[8, 5, 1]
assert 0.6 < price[8, 3, 2] / base < 1
assert network(8, 3, 2).count_params() > network(8, 3, 1).count_params()

# %% [markdown]
# ## Does it beat a forest?
#
# A network needs a baseline. We train logistic regression and a random forest with their usual settings, and our network with four learning rates,
# four seeds each, for ten epochs. The test pictures serve for comparison here; nothing is chosen by
# them that we quote later.

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from tuneup_helpers import train_many

flat_train, flat_test = X_train.reshape(1200, -1), X_test.reshape(2000, -1)
linear = LogisticRegression(C=0.1, max_iter=300).fit(flat_train, y_train)
forest = RandomForestClassifier(200, random_state=SEED)
forest.fit(flat_train, y_train)
baseline = {
    "logistic regression": linear.score(flat_test, y_test),
    "random forest": forest.score(flat_test, y_test),
}
for name, score in baseline.items():
    print(f"{name}: {score:.3f}")

# %%
RATES = [0.001, 0.003, 0.01, 0.03]
curves = train_many(
    network(),
    X_train[..., None],
    y_train,
    validation_data=(X_test[..., None], y_test),
    epochs=10,
    seeds=[SEED, SEED + 1, SEED + 2, SEED + 3] * 4,
    learning_rates=np.repeat(RATES, 4),
)
score = curves.score[:, -1].reshape(4, 4)
for rate, row in zip(RATES, score, strict=True):
    print(f"network, rate {rate}: {row.mean():.2f} ± {row.std(ddof=1):.2f}")
